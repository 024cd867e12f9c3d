"use strict";
(() => {
  const find = (id) => document.getElementById(id);
  const root = document.documentElement;

  // Theme: follow the system, or a choice that is kept where the browser allows it.
  const button = find("theme");
  const themes = ["system", "light", "dark"];
  const keep = (name) => { try { localStorage.setItem("mirrorwatch-theme", name); } catch { /* a locked-down browser */ } };
  const kept = () => { try { return localStorage.getItem("mirrorwatch-theme"); } catch { return null; } };
  const show = (name) => {
    if (name === "system") root.removeAttribute("data-theme"); else root.dataset.theme = name;
    button.textContent = "Theme: " + name;
    button.dataset.name = name;
  };
  show(themes.includes(kept()) ? kept() : "system");
  button.hidden = false;
  button.addEventListener("click", () => {
    const next = themes[(themes.indexOf(button.dataset.name) + 1) % themes.length];
    show(next);
    keep(next);
  });

  // A link to an alert opens it.
  const openTarget = () => {
    const target = location.hash && find(decodeURIComponent(location.hash.slice(1)));
    if (target && target.tagName === "DETAILS") { target.open = true; target.scrollIntoView(); }
  };
  addEventListener("hashchange", openTarget);
  openTarget();

  // Print everything, then fold again what was folded.
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("details:not([open])")];
    folded.forEach((each) => { each.open = true; });
  });
  addEventListener("afterprint", () => { folded.forEach((each) => { each.open = false; }); folded = []; });

  const table = find("alerts");
  if (!table) return;
  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[0].cells];
  const rows = [...body.rows].map((row) => ({ row, text: (row.textContent + " " + row.dataset.q).toLowerCase() }));
  let order = rows;
  const value = (row, column, kind) => {
    const cell = row.cells[column];
    const text = cell.dataset.v ?? cell.textContent.trim();
    return kind === "n" ? (text === "" ? null : Number(text.replaceAll(",", ""))) : text;
  };
  const compare = (a, b) => (a === b ? 0 : a === null ? 1 : b === null ? -1 : a < b ? -1 : 1);

  // A long list shows its first rows until all are asked for; the filters always search all.
  const most = 200;
  let all = rows.length <= most;
  const form = find("controls");
  const more = find("more");
  const shown = find("shown");
  const filter = () => {
    const words = find("f-text").value.toLowerCase().split(/\s+/).filter(Boolean);
    const typology = find("f-typology").value;
    const state = find("f-state").value;
    const least = Number(find("f-score").value) || 0;
    let left = 0;
    order.forEach(({ row, text }) => {
      const fits = (!typology || row.dataset.t === typology) && (!state || row.dataset.s === state)
        && Number(row.dataset.n) >= least && words.every((word) => text.includes(word));
      left += fits ? 1 : 0;
      row.hidden = !fits || (!all && left > most);
    });
    const number = (count) => count.toLocaleString("en");
    shown.textContent = left === rows.length ? number(left) + " alerts" : number(left) + " of " + number(rows.length) + " alerts";
    find("none").hidden = left > 0;
    more.hidden = all || left <= most;
    more.textContent = "Show all " + number(left);
  };

  const sort = (column, descending) => {
    const kind = heads[column].dataset.kind;
    const keyed = rows.map((each, place) => ({ each, place, key: value(each.row, column, kind) }));
    keyed.sort((a, b) => {
      const way = compare(a.key, b.key);
      const none = a.key === null || b.key === null; // what has no value stays last either way
      return (descending && !none ? -way : way) || a.place - b.place;
    });
    order = keyed.map((item) => item.each);
    body.append(...order.map((each) => each.row));
    filter();
    heads.forEach((head, place) => {
      if (place === column) head.setAttribute("aria-sort", descending ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
  };
  heads.forEach((head, column) => head.firstElementChild.addEventListener("click", () => {
    const now = head.getAttribute("aria-sort");
    sort(column, now ? now === "ascending" : head.dataset.first === "descending");
  }));
  find("f-sort").addEventListener("change", (event) => {
    const column = Number(event.target.value);
    sort(column, heads[column].dataset.first === "descending");
  });

  more.addEventListener("click", () => { all = true; filter(); });
  form.hidden = false;
  filter();
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(() => sort(0, false)));
})();
