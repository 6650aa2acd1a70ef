import type { RunData, RunList } from "../watched.js";
import { ChartGrid, metricCharts, searchCharts } from "./charts.js";
import { RunChoice } from "./runChoice.js";

/** The milliseconds between two looks at the runs; more where an answer takes long. */
const PAUSE = 1000;
const SHARE = 5;

const part = <E extends HTMLElement>(id: string, type: abstract new () => E): E => {
  const found = document.getElementById(id);
  if (found instanceof type) return found;
  throw new Error(`The page has no ${id}.`);
};

const logScale = part("log", HTMLInputElement);
const theme = part("theme", HTMLSelectElement);
const status = part("status", HTMLElement);
const searches = part("searches", HTMLElement);
const metricGrid = new ChartGrid(part("metrics", HTMLElement));
const searchGrid = new ChartGrid(searches.querySelector<HTMLElement>(".charts") ?? searches);
const parts = {
  ...{
    list: part("runs", HTMLElement),
    count: part("count", HTMLElement),
    filter: part("filter", HTMLInputElement),
  },
  ...{ all: part("all", HTMLElement), none: part("none", HTMLElement) },
};
const choice = new RunChoice(parts, () => void refresh());
const loaded = new Map<string, RunData>();
let list: RunList | null = null;

async function ask<T>(path: string): Promise<T | null> {
  const answer = await fetch(path);
  if (answer.status === 404) return null;
  if (!answer.ok) throw new Error(await answer.text());
  return (await answer.json()) as T;
}

/** Loads the chosen runs that have changed, and draws them. */
async function refresh(): Promise<void> {
  for (const { id, stamp } of choice.chosen) {
    if (loaded.get(id)?.stamp === stamp) continue;
    const data = await ask<RunData>(`/api/run?id=${encodeURIComponent(id)}`);
    if (data === null) loaded.delete(id);
    else loaded.set(id, data);
  }
  draw();
}

function draw(): void {
  const runs = choice.chosen.flatMap(({ id }) => {
    const data = loaded.get(id);
    return data === undefined ? [] : [{ data, style: choice.styleOf(id) }];
  });
  metricGrid.show(metricCharts(runs, logScale.checked));
  const found = searchCharts(runs, logScale.checked);
  searches.hidden = found.length === 0;
  searchGrid.show(found);
  const notes = [...(list?.notes ?? []), ...runs.flatMap(({ data }) => data.troubles)];
  say("notes", notes.join("\n"));
  say("empty", emptyText(runs.length));
}

function emptyText(shown: number): string {
  if (list === null || shown > 0) return "";
  return list.runs.length > 0
    ? "No run is chosen."
    : `No runs yet in ${list.folder}.\nGive the Trainer a CsvLogger or a JsonLinesLogger that writes there, and they appear here by themselves.`;
}

function say(id: string, text: string): void {
  const place = part(id, HTMLElement);
  place.textContent = text;
  place.hidden = text === "";
}

/** Looks at the runs again and again. */
async function follow(): Promise<void> {
  const began = performance.now();
  try {
    if (!document.hidden || list === null) {
      list = (await ask<RunList>("/api/runs")) ?? list;
      if (list !== null) {
        part("folder", HTMLElement).textContent = list.folder;
        choice.update(list.runs, list.now);
      }
      await refresh();
    }
    status.textContent = "";
    status.classList.remove("lost");
  } catch (error) {
    // `fetch` throws a TypeError without a connection; anything else is worth reading.
    const isGone = error instanceof TypeError;
    status.textContent = isGone ? "fulmine watch has ended: this is what it showed last" : String(error);
    status.classList.add("lost");
  }
  setTimeout(() => void follow(), Math.max(PAUSE, SHARE * (performance.now() - began)));
}

const systemIsDark = matchMedia("(prefers-color-scheme: dark)");
function applyTheme(): void {
  const { value } = theme;
  const isDark = value === "auto" ? systemIsDark.matches : value === "dark";
  document.documentElement.dataset["theme"] = isDark ? "dark" : "light";
  choice.draw();
  draw();
}

theme.value = localStorage.getItem("theme") ?? "auto";
logScale.checked = localStorage.getItem("log") === "true";
theme.addEventListener("change", () => {
  localStorage.setItem("theme", theme.value);
  applyTheme();
});
logScale.addEventListener("change", () => {
  localStorage.setItem("log", String(logScale.checked));
  draw();
});
systemIsDark.addEventListener("change", applyTheme);
applyTheme();
void follow();
