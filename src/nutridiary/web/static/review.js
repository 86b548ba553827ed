// Makes the review nicer; everything works without it. Foods are searched as one types, and one is taken from the list
// by keys or by hand (the pattern "combobox with a listbox" of ARIA 1.2).
"use strict";

(() => {
  const PAUSE = 150; // ms without a key before a search begins
  const MOST = 12; // foods shown

  const answers = (form) => [...form.querySelectorAll("input[type=radio][name=food]")];
  const made = (name, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
  };

  function searching(place) {
    const form = place.closest("form"), before = place.querySelector("input"), row = form.dataset.row;
    const list = made("ul", { id: `foods-${row}`, hidden: true });
    const said = made("p", { className: "hint", id: `found-${row}` });
    const input = made("input", { type: "text", id: before.id, maxLength: 200, autocomplete: "off", spellcheck: false });
    const set = (name, value) => input.setAttribute(name, value);
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "Foods found");
    said.setAttribute("role", "status");
    for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"],
      ["aria-controls", list.id], ["autocapitalize", "none"], ["enterkeyhint", "search"]]) set(name, value);
    const box = made("div", { className: "typing" }, input, list);
    before.parentElement.replaceWith(box, said);

    let foods = [], at = -1, pause = 0, asking = null;

    const close = () => {
      list.hidden = true;
      at = -1;
      set("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    };
    const move = (to) => {
      list.children[at]?.setAttribute("aria-selected", "false");
      at = foods.length ? (to + foods.length) % foods.length : -1;
      const option = list.children[at];
      if (!option) return;
      option.setAttribute("aria-selected", "true");
      option.scrollIntoView({ block: "nearest" });
      set("aria-activedescendant", option.id);
    };
    const open = () => {
      if (!foods.length) return;
      list.hidden = false;
      set("aria-expanded", "true");
      list.scrollIntoView({ block: "nearest" });
    };
    const show = (found) => {
      foods = found;
      list.replaceChildren(...found.map((food, place) => {
        const more = [food.category, food.per_100_g && `in ${food.per}: ${food.per_100_g}`].filter(Boolean).join(" · ");
        const option = made("li", { id: `${list.id}-${place}` }, food.description, made("small", { textContent: more }));
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.addEventListener("pointerdown", (event) => event.preventDefault());
        option.addEventListener("click", () => take(food));
        return option;
      }));
      close();
      open();
      said.textContent = found.length
        ? `${found.length} food${found.length === 1 ? "" : "s"}. Down and up to choose, Enter to take.`
        : "No food is called that. Try fewer or other words.";
    };
    const search = async () => {
      asking?.abort();
      const words = input.value.trim();
      if (!words) { foods = []; close(); said.textContent = ""; return; }
      asking = new AbortController();
      try {
        const answer = await fetch(`/api/foods?${new URLSearchParams({ q: words, top: MOST })}`, { signal: asking.signal });
        const found = await answer.json();
        if (answer.ok) show(found.foods); else said.textContent = found.error;
      } catch (error) {
        if (error.name !== "AbortError") said.textContent = "The server does not answer. Is it still running?";
      }
    };
    // What is taken becomes one of the answers to "What is it?", and is marked.
    const take = (food) => {
      const known = answers(form).find((one) => one.value === String(food.fdc_id));
      const radio = known ?? made("input", { type: "radio", name: "food", value: food.fdc_id, id: `food-${row}-${food.fdc_id}` });
      if (!known) {
        const label = made("label", { htmlFor: radio.id, textContent: food.description });
        const hint = made("p", { className: "hint", id: `${radio.id}-hint`, textContent: [food.category, food.per_100_g && `in ${food.per}: ${food.per_100_g}`].filter(Boolean).join(" · ") });
        radio.setAttribute("aria-describedby", hint.id);
        place.before(made("div", { className: "check" }, radio, label, hint));
      }
      radio.checked = true;
      close();
      input.value = "";
      said.textContent = `${food.description} is marked. Save to keep it.`;
      form.querySelector("button.main").focus();
    };

    input.addEventListener("input", () => {
      clearTimeout(pause);
      pause = setTimeout(search, PAUSE);
    });
    input.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      const { key } = event;
      if (key === "ArrowDown" || key === "ArrowUp") {
        if (!foods.length) return;
        if (list.hidden) { open(); at = -1; }
        move(key === "ArrowDown" ? at + 1 : (at < 0 ? 0 : at) - 1);
      } else if (key === "Escape") {
        if (list.hidden) input.value = ""; else close();
      } else if (key === "Enter") {
        // Enter is of the list: it never saves the row by chance.
        if (!list.hidden && at >= 0) take(foods[at]);
        else { clearTimeout(pause); search(); }
      } else {
        return;
      }
      event.preventDefault();
    });
    input.addEventListener("focusout", close);
    input.addEventListener("click", open);
  }

  // What is typed into the field of an answer is meant as this answer.
  for (const field of document.querySelectorAll(".parts input[name=parts]")) {
    field.addEventListener("input", () => {
      const several = answers(field.form).find((one) => one.value === "several");
      if (several) several.checked = true;
    });
  }
  // A row that is opened is ready to be worked on; the search of each is made when it is first opened.
  for (const row of document.querySelectorAll("li.row > details")) {
    const ready = () => { row.querySelectorAll("[data-find]").forEach((place) => { searching(place); delete place.dataset.find; }); };
    if (row.open) ready();
    row.addEventListener("toggle", () => { if (row.open) ready(); });
  }
  // The address leads to the row that was saved, and the browser goes there last of all: then to what is said of it.
  addEventListener("load", () => setTimeout(() => document.querySelector("[data-focus]")?.focus()));
})();
