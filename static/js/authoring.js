/* Writing questions: only the fields of the chosen kind are shown, and only the answers of the question that a condition asks. */

const all = (selector, within = document) => [...within.querySelectorAll(selector)];

// Fields that belong to some kinds of questions only.

for (const kind of all("select[name$='kind']")) {
  const show = () => {
    for (const box of all("[data-kinds]", kind.form)) box.hidden = !box.dataset.kinds.split(" ").includes(kind.value);
  };
  kind.addEventListener("change", show);
  kind.form.addEventListener("restore", show, true);
  show();
}

// A question of the bank, or a new one.

for (const box of all("[data-new-question]")) {
  const bank = box.closest("form").elements.question;
  const show = () => { box.hidden = Boolean(bank.value); };
  bank.addEventListener("change", show);
  bank.addEventListener("restore", show);
  show();
}

// The answers of one earlier question: the groups of the others are taken out of the list, not only hidden.

for (const asked of all("select[data-condition-of]")) {
  const { show_values: values, show_op: op, show_number: number } = asked.form.elements;
  const groups = [...values.children];
  const field = (control) => control.closest(".field");
  const show = () => {
    const mine = groups.filter((group) => group.querySelector("option")?.value.startsWith(`${asked.value}=`));
    for (const group of groups) if (!mine.includes(group)) for (const option of group.children) option.selected = false;
    values.replaceChildren(...mine);
    const compared = Boolean(asked.value) && op.value !== "answered";
    field(op).hidden = !asked.value;
    field(values).hidden = !compared || !mine.length;
    field(number).hidden = !compared || mine.length > 0;
  };
  for (const control of [asked, op]) for (const name of ["change", "restore"]) control.addEventListener(name, show);
  show();
}
