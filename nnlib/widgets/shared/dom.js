// Elements of the page.

/** Set attributes, events such as oninput, and the text of a node, as far as they are new. */
export function update(node, { text, ...attributes }) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node[name] = value;
    else if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value);
  }
  // A new text node would make the browser look at the styles of the whole page again.
  if (text !== undefined && node.firstChild) node.firstChild.data = text;
  else if (text !== undefined) node.append(text);
  return node;
}

function maker(namespace) {
  return (tag, attributes = {}, ...children) => {
    const node = update(document.createElementNS(namespace, tag), attributes);
    node.append(...children);
    return node;
  };
}

export const html = maker("http://www.w3.org/1999/xhtml");
export const svg = maker("http://www.w3.org/2000/svg");

/** Elements below each other, and beside each other where there is room. */
export const div = (...children) => html("div", {}, ...children);
export const beside = (...children) => html("div", { class: "live-row" }, ...children);
