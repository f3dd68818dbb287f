// Where the output of a cell stands: the page's own at first, then that of each run.

const CLASSES = {
  stdout: "stream highlight-myst-ansi",
  stderr: "stderr highlight-myst-ansi",
  text: "text_plain highlight-none",
  error: "traceback highlight-text",
};

/** What a terminal shows of a line: \r goes back to its beginning. */
function overwritten(line) {
  return line.slice(line.lastIndexOf("\r", line.length - 2) + 1);
}

/** A picture, with the number and the caption of the page's own that it replaces. */
function captioned(box, figure) {
  const caption = figure?.querySelector("figcaption");
  if (!caption) return box;
  const again = figure.cloneNode();
  again.append(box, caption.cloneNode(true));
  return again;
}

class Output {
  constructor(cell) {
    this.cell = cell;
    this.quiet = cell.classList.contains("tag_remove-stderr");
    this.own = cell.querySelector(".cell_output");
    this.shown = this.own;
    this.pictures = [...cell.querySelectorAll(".plot svg")];
  }

  #show(element) {
    if (this.shown && element) this.shown.replaceWith(element);
    else if (element) this.cell.append(element);
    else this.shown?.remove();
    this.shown = element;
  }

  restore() {
    this.#show(this.own);
  }

  /** What was shown stays until something new comes, so that the page does not jump. */
  begin() {
    this.fresh = document.createElement("div");
    this.fresh.className = "cell_output docutils container";
    this.figures = 0;
  }

  finish() {
    if (this.fresh) this.#show(null);
    this.fresh = null;
  }

  add(kind, text) {
    if (kind === "live" || (kind === "stderr" && this.quiet)) return this.#keep(kind);
    if (this.fresh) this.#show(this.fresh);
    this.fresh = null;
    if (kind === "stdout" || kind === "stderr") this.#stream(kind, text);
    else if (kind === "figure") this.#figure(text);
    else if (kind === "html") this.shown.append(this.#box("text_html", text));
    else this.#stream(kind, text);
  }

  /** A live figure is the page's own, and stays. */
  #keep(kind) {
    if (kind === "live") this.fresh = null;
  }

  #box(classes, markup) {
    const box = document.createElement("div");
    box.className = `output ${classes} notranslate`;
    box.innerHTML = markup;
    return box;
  }

  #stream(kind, text) {
    const last = this.shown.lastElementChild;
    let box = last?.dataset.kind === kind ? last : null;
    if (!box) {
      box = this.#box(CLASSES[kind], `<div class="highlight"><pre></pre></div>`);
      box.dataset.kind = kind;
      this.shown.append(box);
    }
    const pre = box.querySelector("pre");
    pre.textContent = (pre.textContent + text).split("\n").map(overwritten).join("\n");
  }

  #figure(markup) {
    const box = this.#box("image", markup);
    const own = this.pictures[this.figures++];
    box.querySelector("svg").ariaLabel = own?.ariaLabel ?? "A figure drawn by the code above";
    this.shown.append(captioned(box, own?.closest("figure")));
  }
}

export function output(cell) {
  return new Output(cell);
}
