/* Which questions stand on the page: the same as content.meets, content.shown_keys and answer_sheet.typed on the server.
   Both walk the vectors of tests/surveys/show_if.json. */

export const APART = ["na", "refused"];

export function meets(condition, answers) {
  if (!condition || !condition.code) return true;
  const value = answers[condition.code];
  const wanted = condition.values ?? [];
  const given = value !== undefined && value !== null && value !== "" && !APART.includes(value) && !(Array.isArray(value) && !value.length);
  if (condition.op === "answered") return given;
  if (condition.op === "in" || condition.op === "not_in") {
    const hit = given && (Array.isArray(value) ? value : [value]).some((one) => wanted.includes(one));
    return condition.op === "in" ? hit : !hit;
  }
  if (!given || typeof value !== "number" || !wanted.length) return false;
  return condition.op === "at_least" ? value >= wanted[0] : value <= wanted[0];
}

/* Items in their order, [{key, showIf}]: keys of those that the answers bring to the page. */
export function shown(items, answers) {
  const keys = new Set();
  const seen = {};
  for (const item of items) {
    if (!meets(item.showIf, seen)) continue;
    keys.add(item.key);
    if (item.key in answers) seen[item.key] = answers[item.key];
  }
  return keys;
}

/* What stands in the controls, as the server keeps it: steps and numbers as numbers, several choices as a list. */
export function valueOf(kind, values) {
  const said = values.map((one) => one.trim()).filter(Boolean);
  const apart = said.filter((one) => APART.includes(one));
  const rest = said.filter((one) => !APART.includes(one));
  if (!rest.length) return apart.length ? apart[0] : undefined;
  if (kind === "multiple") return rest;
  if (kind === "likert" || kind === "rating") return Number(rest[0]);
  if (kind === "number") {
    const number = Number(rest[0].replace(/\s/g, "").replace(",", "."));
    return Number.isFinite(number) ? number : undefined;
  }
  return rest[0];
}
