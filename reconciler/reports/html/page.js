"use strict";
(() => {
  const form = document.getElementById("filter");
  if (!form) return;
  const words = document.getElementById("words");
  const count = document.getElementById("count");
  const choices = [...form.querySelectorAll("select")];
  const items = [...document.querySelectorAll("#objects > details")].map((box) => ({
    box,
    text: `${box.firstElementChild.textContent} ${box.dataset.owner}`.toLowerCase(),
  }));
  const shown = () => items.filter(({ box }) => !box.hidden);

  function has(box, { dataset: { facet }, value }) {
    const own = box.dataset[facet];
    if (!value) return true;
    if (value === "*") return own !== "";
    return facet === "danger" ? own.split("|").includes(value) : own === value;
  }

  function filter() {
    const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    const asked = choices.filter((choice) => choice.value);
    let many = 0;
    for (const { box, text } of items) {
      const fits = asked.every((choice) => has(box, choice)) && wanted.every((word) => text.includes(word));
      box.hidden = !fits;
      many += fits;
    }
    count.textContent = `${many} of ${items.length} shown`;
  }

  function step(from, way) {
    let box = from;
    do { box = way > 0 ? box.nextElementSibling : box.previousElementSibling; } while (box && box.hidden);
    return box;
  }

  function move(way) {
    const here = document.activeElement.closest("#objects > details");
    const next = here ? step(here, way) : (shown()[0] || {}).box;
    if (next) next.firstElementChild.focus();
  }

  function reveal() {
    const box = location.hash && document.getElementById(location.hash.slice(1));
    if (!box || box.parentElement.id !== "objects") return;
    box.hidden = false;
    box.open = true;
    box.firstElementChild.focus();
    box.scrollIntoView();
  }

  function clear() {
    form.reset();
    filter();
    document.activeElement.blur();
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") return clear();
    if (/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
    const act = { "/": () => words.focus(), j: () => move(1), k: () => move(-1) }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", filter);
  document.getElementById("open").addEventListener("click", () => shown().forEach(({ box }) => { box.open = true; }));
  document.getElementById("close").addEventListener("click", () => shown().forEach(({ box }) => { box.open = false; }));
  window.addEventListener("hashchange", reveal);
  filter();
  reveal();
})();
