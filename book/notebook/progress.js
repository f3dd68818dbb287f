// Which exercises are done: beside each chapter in the sidebar, and all of them on a page.

const FILE = "nnlib-progress.json";

const count = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;

function make(tag, { text = "", ...properties }, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(text, ...children);
  return element;
}

const MARKS = { done: "●", begun: "◐", open: "○" };

/** Whether an exercise is done, begun or open. */
function stateOf(record, name) {
  const entry = record.get(name);
  if (!entry) return "open";
  return entry.state === "done" ? "done" : "begun";
}

/** How many of these exercises are in that state. */
const counted = (record, names, state) =>
  names.filter((name) => stateOf(record, name) === state).length;

/** How many of these exercises are done: short to see, and long to hear. */
function tally(record, names) {
  const shown = make("span", { className: "chapter-done", ariaHidden: "true" });
  const spoken = make("span", { className: "unseen" });
  const refresh = () => {
    const done = counted(record, names, "done");
    shown.textContent = `${done}/${names.length}`;
    shown.classList.toggle("is-complete", done === names.length);
    spoken.textContent = `${done} of ${count(names.length, "exercise")} done`;
  };
  record.onChange(refresh);
  refresh();
  return [" ", shown, spoken];
}

/** The chapters that have exercises, each with its link in the sidebar. */
function chapters(exercises) {
  return [...document.querySelectorAll(".bd-docs-nav a")]
    .map((link) => ({ link, names: exercises[link.pathname.match(/([^/]+)\.html$/)?.[1]] }))
    .filter(({ names }) => names);
}

/** Beside each chapter, how many of its exercises are done. */
export function sidebar(record, exercises) {
  for (const { link, names } of chapters(exercises)) link.append(...tally(record, names));
}

/** Give the reader the record as a file. */
function save(text) {
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  make("a", { href: url, download: FILE }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** The buttons of the page, and what they have to say. */
function tools(record) {
  const message = make("p", { className: "progress-message", role: "status" });
  const tell = (text, failed = false) => {
    message.textContent = text;
    message.classList.toggle("is-problem", failed);
  };
  const kept = () => count(Object.keys(record.all()).length, "exercise");
  const exportAll = () => {
    save(record.exportText());
    tell(`${FILE} holds ${kept()}.`);
  };
  const file = make("input", {
    type: "file",
    accept: ".json,application/json",
    className: "unseen",
  });
  file.onchange = async () => {
    try {
      const { added, changed, same } = record.importText(await file.files[0].text());
      tell(`${count(added, "exercise")} added, ${changed} changed, ${same} as before.`);
    } catch (error) {
      tell(`${error.message} Nothing was changed.`, true);
    }
    file.value = ""; // so that the same file can be chosen again
  };
  const removeAll = () => {
    if (!confirm(`Delete what this browser keeps of ${kept()}? Nothing brings it back.`)) return;
    record.clear();
    tell("Everything is deleted.");
  };
  const row = make(
    "div",
    { className: "progress-tools" },
    make("button", { type: "button", text: "Export", onclick: exportAll }),
    make("label", {}, "Import", file),
    make("button", { type: "button", text: "Delete everything", onclick: removeAll }),
  );
  if (record.problem) tell(record.problem, true);
  return [row, message];
}

/** An exercise: a mark for its state, and a link to its place. */
function line(record, name, link, titles) {
  const [chapter, exercise] = name.split(".");
  const href = `${link.href.split("#")[0]}#ex-${chapter}-${exercise.replaceAll("_", "-")}`;
  const mark = make("span", { ariaHidden: "true" });
  const spoken = make("span", { className: "unseen" });
  const to = make("a", { href, text: titles[name] ?? exercise.replaceAll("_", " ") });
  const element = make("li", {}, mark, to, spoken);
  const refresh = () => {
    const state = stateOf(record, name);
    mark.textContent = MARKS[state];
    spoken.textContent = `: ${state}`;
    element.className = `is-${state}`;
  };
  record.onChange(refresh);
  refresh();
  return element;
}

/** The page “Your progress”, where this is it. */
export function progressPage(record, exercises) {
  const summary = document.getElementById("progress-summary");
  if (!summary) return;
  const total = make("p", {});
  summary.replaceChildren(total, ...tools(record));
  const titles = JSON.parse(document.getElementById("exercise-titles")?.textContent ?? "{}");
  const listed = chapters(exercises).flatMap(({ link, names }) => [
    make("h3", { text: link.firstChild.textContent.trim() }, ...tally(record, names)),
    make(
      "ol",
      { className: "progress-list" },
      ...names.map((name) => line(record, name, link, titles)),
    ),
  ]);
  document.getElementById("progress-chapters").replaceChildren(...listed);
  const all = Object.values(exercises).flat();
  const refresh = () => {
    const [done, begun] = ["done", "begun"].map((state) => counted(record, all, state));
    total.textContent = `${done} of ${count(all.length, "exercise")} done (●), ${begun} begun (◐)`;
  };
  record.onChange(refresh);
  refresh();
}
