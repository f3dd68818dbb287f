// Makes a page of the book a notebook: its cells run and its exercises are checked where they are.

import { openNotebook } from "./cells.js";
import { exerciseBox } from "./exercise.js";
import { pageKernel } from "./kernel.js";
import { progressPage, sidebar } from "./progress.js";
import { openRecord } from "./record.js";

const folder = new URL("python/", document.currentScript.src).href;
const record = openRecord();

function known(id) {
  return JSON.parse(document.getElementById(id)?.textContent ?? "null");
}

const cells = known("notebook");
if (cells) {
  const python = pageKernel(folder);
  const { imports } = openNotebook(python, cells);
  for (const box of document.querySelectorAll("[data-exercise]")) {
    exerciseBox(box, { python, record, imports });
  }
}

const exercises = known("exercises");
sidebar(record, exercises);
if (document.getElementById("progress-chapters")) progressPage(record, exercises);
