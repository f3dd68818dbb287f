// What is seen while Python works for a cell or an exercise: words, a bar, and a way to stop it.

const CALM = 300; // milliseconds in which nothing is shown

function remaining({ n, total, elapsed }) {
  const left = n ? (elapsed * (total - n)) / n : 0;
  return left >= 1 ? `, about ${Math.ceil(left)} s left` : "";
}

class Running {
  #busy = false;
  #timer;

  constructor(python) {
    this.element = document.createElement("div");
    this.element.className = "running";
    this.element.hidden = true;
    this.element.innerHTML =
      `<span aria-live="polite"></span><span aria-hidden="true"></span>` +
      `<progress max="1" aria-label="Progress"></progress><button type="button">Stop</button>`;
    [this.words, this.steps, this.bar, this.button] = this.element.children;
    this.button.addEventListener("click", () => python.stop());
    python.watch((news) => this.#busy && this.tell(news));
    this.python = python;
  }

  begin() {
    this.#busy = true;
    this.tell(this.python.state);
    this.#timer = setTimeout(() => {
      this.element.hidden = false;
    }, CALM);
  }

  /** It is over; what had the focus gives it on. */
  end(next) {
    this.#busy = false;
    clearTimeout(this.#timer);
    if (this.element.contains(document.activeElement)) next.focus();
    this.element.hidden = true;
  }

  tell({ text, fraction }) {
    if (this.words.textContent !== text) {
      this.words.textContent = text;
      this.steps.textContent = "";
    }
    this.fill(fraction);
  }

  fill(fraction) {
    if (fraction === null) this.bar.removeAttribute("value");
    else this.bar.value = fraction;
  }

  /** A step of a loop that shows its progress; nobody wants to hear every one. */
  step({ n, total, elapsed, prefix }) {
    const far = total ? `${n} of ${total}${remaining({ n, total, elapsed })}` : n;
    this.steps.textContent = prefix ? `${prefix}: ${far}` : far;
    this.fill(total ? n / total : null);
  }
}

export function running(python) {
  return new Running(python);
}
