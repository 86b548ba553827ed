"use strict";
// The page about people: what does not concern somebody is not shown. Without this script all is shown.

const references = document.querySelectorAll('input[name="reference"]');
const edition = document.getElementById("edition");
const chosenReference = () => document.querySelector('input[name="reference"]:checked')?.value;

// What is asked of women alone goes where "Male" is chosen, with what was chosen in it; what matters to another
// reference goes where nothing is chosen in it. What is wrong stays.
const showFields = () => {
  for (const field of document.querySelectorAll("[data-female], [data-reference]:not(optgroup)")) {
    const wrong = field.getAttribute("aria-invalid") === "true";
    const { female, reference } = field.dataset;
    const ofMan = female !== undefined && document.querySelector(`[data-sex="${female}"]`).value === "male";
    if (ofMan && !wrong) field.value = "";
    const ofOther = reference !== undefined && reference !== chosenReference() && field.value === "";
    field.closest(".field").hidden = (ofMan || ofOther) && !wrong;
  }
};

// Only the editions of the reference that is chosen.
const showEditions = () => {
  for (const group of edition.querySelectorAll("optgroup")) {
    const other = group.dataset.reference !== chosenReference();
    group.hidden = group.disabled = other;
    if (other && group.contains(edition.selectedOptions[0])) edition.value = "";
  }
};

for (const sex of document.querySelectorAll("[data-sex]")) sex.addEventListener("change", showFields);
for (const one of references) {
  one.addEventListener("change", showFields);
  one.addEventListener("change", showEditions);
}
// Who goes to another step takes along what was typed.
const form = document.querySelector('main form[method="post"]');
// Held against what the page came with: something may be typed before this script is there.
const isOther = (one) => {
  if (one.type === "checkbox" || one.type === "radio") return one.checked !== one.defaultChecked;
  if (!(one instanceof HTMLSelectElement)) return one.defaultValue !== undefined && one.value !== one.defaultValue;
  const given = [...one.options].findIndex((option) => option.defaultSelected);
  return one.selectedIndex !== Math.max(given, 0);
};
const isChanged = () => [...form.elements].some(isOther);
for (const link of document.querySelectorAll(".stages a")) {
  link.addEventListener("click", (event) => {
    if (!isChanged() || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const then = Object.assign(document.createElement("input"), { type: "hidden", name: "then", value: link.pathname.split("/").pop() });
    form.append(then);
    form.requestSubmit();
  });
}

// Where a link leads to a part that is folded, it opens.
const wanted = location.hash && document.getElementById(location.hash.slice(1));
if (wanted instanceof HTMLDetailsElement) wanted.open = true;
showFields();
if (edition.getAttribute("aria-invalid") !== "true") showEditions();
