// Makes the pages nicer; everything works without it. Drop and send files, wait, ask before forgetting, keep the place.
"use strict";
const all = (which, within = document) => [...within.querySelectorAll(which)];
const one = (which, within = document) => within.querySelector(which);

// Choosing files: what was chosen is listed, what is too much is said before it is sent, dropping and pasting work.
function choosing(form) {
  const input = one("#files", form), list = one("[data-chosen]", form), drop = one("[data-drop]", form);
  const size = (bytes) => bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1024))} kB` : `${(bytes / 2 ** 20).toFixed(1)} MB`;
  const check = () => {
    const files = all("input[type=file]", form).flatMap((each) => [...each.files]);
    const bytes = files.reduce((sum, file) => sum + file.size, 0);
    const { mostBytes, mostFiles } = form.dataset;
    const wrong = files.length > mostFiles ? `These are ${files.length} files; ${mostFiles} can be sent at once.`
      : bytes > mostBytes ? `This is ${size(bytes)} together; ${size(+mostBytes)} can be sent at once.` : "";
    input.setCustomValidity(wrong && `${wrong} Choose fewer.`);
    list.replaceChildren(...[...input.files].map((file) => {
      const row = document.createElement("li"), name = document.createElement("bdi");
      name.textContent = file.name;
      row.append(name, size(file.size));
      return row;
    }));
    list.hidden = !input.files.length;
    return wrong ? input.reportValidity() : true;
  };
  const take = (files) => {
    if (files.length) { input.files = files; check(); one("button.main", form).focus(); }
  };
  const over = (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    drop.classList.toggle("over", event.type === "dragover");
    if (event.type === "drop") take(event.dataTransfer.files);
  };
  for (const type of ["dragover", "dragleave", "drop"]) document.addEventListener(type, over);
  document.addEventListener("paste", (event) => {
    if (event.target.closest?.("input:not([type=file]), textarea")) return;
    // Words and cells that were copied elsewhere are a diary too.
    const pasted = new DataTransfer(), words = event.clipboardData.getData("text/plain");
    if (words.trim()) pasted.items.add(new File([words], "pasted.txt", { type: "text/plain" }));
    take(event.clipboardData.files.length ? event.clipboardData.files : pasted.files);
  });
  for (const each of all("input[type=file]", form)) each.addEventListener("change", check);
  for (const each of all("[data-script]", form)) each.hidden = false;
  form.addEventListener("submit", (event) => { event.preventDefault(); if (check()) send(form); });
  check();
}

// Sends by the JSON twin, which says how it went in words.
function send(form) {
  const data = new FormData(form), sending = one("[data-sending]", form), button = one("button.main", form);
  const said = one("[data-said]", sending), bar = one("progress", sending), request = new XMLHttpRequest();
  const failed = (words) => {
    said.textContent = words;
    said.className = "problem";
    bar.hidden = true;
    button.disabled = false;
    button.focus();
  };
  for (const [name, value] of [...data]) if (value instanceof File && !value.name) data.delete(name);
  data.delete("form_token");
  said.className = "";
  said.textContent = "The diary is being sent.";
  sending.hidden = bar.hidden = false;
  button.disabled = true;
  request.upload.onprogress = (event) => { if (event.lengthComputable) bar.value = event.loaded / event.total; };
  request.onload = () => {
    const answer = request.response ?? {};
    if (request.status === 201) location.assign(`/diaries/${answer.id}/reading`);
    else failed(answer.error ?? "The server did not take this. Reload the page and try again.");
  };
  request.onerror = () => failed("The server does not answer. Is it still running?");
  request.responseType = "json";
  request.open("POST", form.dataset.upload);
  request.send(data);
}

// Waiting: asks how far work is, and goes on to the page when it is done.
function waiting(place) {
  const said = one("[data-said]", place), seconds = one("[data-seconds]", place), begun = Date.now();
  const ask = async () => {
    try {
      const answer = await fetch(place.dataset.waiting);
      const { is_working, working_on, lines } = await answer.json();
      if (!answer.ok || !is_working) return location.hash ? location.reload() : location.replace(location.href);
      const words = working_on[0].toUpperCase() + working_on.slice(1) + (lines ? `: ${lines.toLocaleString("en")} lines` : "");
      if (said.textContent !== words) said.textContent = words;
      seconds.textContent = ` ${Math.round((Date.now() - begun) / 1000)} seconds so far.`;
    } catch {
      said.textContent = "The server does not answer. Is it still running?";
    }
    setTimeout(ask, 700);
  };
  setTimeout(ask, 300);
}

// After something was said in a form, the same page comes again: at the same place, with the same part in focus.
const PLACE = "place";
document.addEventListener("submit", (event) => {
  if (event.target.method !== "post") return;
  const part = event.submitter?.id || document.activeElement?.id || "";
  sessionStorage.setItem(PLACE, JSON.stringify([location.pathname, scrollY, part, Date.now()]));
});
function comeBack() {
  if (one("[data-waiting]")) return;
  const [path, y, part, when] = JSON.parse(sessionStorage.getItem(PLACE) ?? "[]");
  sessionStorage.removeItem(PLACE);
  const first = one("[data-focus]");
  if (first) return first.focus();
  if (path !== location.pathname || location.hash || Date.now() - when > 6e4) return;
  scrollTo({ top: y, behavior: "instant" });
  if (part) document.getElementById(part)?.focus({ preventScroll: true });
}

for (const link of all("a[data-opens]")) {
  const dialog = document.getElementById(link.dataset.opens);
  link.addEventListener("click", (event) => { event.preventDefault(); dialog.showModal(); });
}
// A form that came back to be put right is no page to be sent again: back and reload show the page it is of.
if (one(".errors")) history.replaceState(history.state, "", location.href);
all("form[data-upload]").forEach(choosing);
all("[data-waiting]").forEach(waiting);
comeBack();
// A page that comes back from the browser's memory must not stay as it was when it was left.
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
