// Brings the figures of a page to life: each is an anywidget module that the notebook left in the
// page together with the values of its traits. Here is what such a module needs, and no kernel.

(() => {
  /** The traits of one figure, as anywidget's front end gives them to it. */
  class Model {
    constructor(values) {
      this.values = values;
      this.listeners = {};
    }

    get(name) {
      return this.values[name];
    }

    set(name, value) {
      if (this.values[name] === value) return;
      this.values[name] = value;
      for (const listener of [...(this.listeners[`change:${name}`] ?? [])]) listener();
    }

    save_changes() {}

    on(event, listener) {
      (this.listeners[event] ??= new Set()).add(listener);
    }

    off(event, listener) {
      this.listeners[event]?.delete(listener);
    }
  }

  /** Binary traits stand beside the others, in base64. */
  function binary({ data }) {
    return new DataView(Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0)).buffer);
  }

  function addStyle(text) {
    if ([...document.querySelectorAll("style")].some((style) => style.textContent === text)) return;
    document.head.append(Object.assign(document.createElement("style"), { textContent: text }));
  }

  const modules = new Map();

  /** The module of a figure; those of one kind share it. */
  function load(text) {
    if (!modules.has(text)) {
      const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
      modules.set(
        text,
        import(url).finally(() => URL.revokeObjectURL(url)),
      );
    }
    return modules.get(text);
  }

  /** Put the figure above its still picture, which is for paper then, and stays if this fails. */
  async function mount(still, { state, buffers = [] }) {
    for (const buffer of buffers) state[buffer.path[0]] = binary(buffer);
    const { default: figure } = await load(state._esm);
    addStyle(state._css);
    const el = document.createElement("div");
    const { signal } = new AbortController(); // a figure lives as long as its page
    await figure.render({ model: new Model(state), el, signal });
    still.before(el);
    still.removeAttribute("data-model");
    still.classList.add("on-paper");
  }

  const models = document.querySelector("script[type='application/vnd.jupyter.widget-state+json']");
  const { state } = JSON.parse(models.textContent);
  for (const still of document.querySelectorAll("[data-model]")) {
    mount(still, state[still.dataset.model]).catch(console.error);
  }
})();
