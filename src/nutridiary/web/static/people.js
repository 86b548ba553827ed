"use strict";
// The page about people: what does not concern somebody is not shown. Without this script all is shown.

// What is asked of women alone goes where "Male" is chosen, with what was chosen in it.
for (const sex of document.querySelectorAll("[data-sex]")) {
  const asked = document.querySelectorAll(`[data-female="${sex.dataset.sex}"]`);
  const show = () => {
    for (const field of asked) {
      const wrong = field.getAttribute("aria-invalid") === "true";
      field.closest(".field").hidden = sex.value === "male" && !wrong;
      if (sex.value === "male" && !wrong) field.value = "";
    }
  };
  sex.addEventListener("change", show);
  show();
}

// Only the editions of the reference that is chosen.
const edition = document.getElementById("edition");
const references = document.querySelectorAll('input[name="reference"]');
const showEditions = () => {
  const chosen = document.querySelector('input[name="reference"]:checked');
  if (!edition || !chosen) return;
  for (const group of edition.querySelectorAll("optgroup")) {
    const other = group.dataset.reference !== chosen.value;
    group.hidden = group.disabled = other;
    if (other && group.contains(edition.selectedOptions[0])) edition.value = "";
  }
};
for (const one of references) one.addEventListener("change", showEditions);
if (edition && edition.getAttribute("aria-invalid") !== "true") showEditions();
