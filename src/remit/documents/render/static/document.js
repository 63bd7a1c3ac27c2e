// Sorts and filters tables, says which scroll, and opens what is folded away for print. The page is whole without it.
(() => {
  "use strict";
  const documents = [...document.querySelectorAll(".remit-document")];
  const every = (selector) => documents.flatMap((each) => [...each.querySelectorAll(selector)]);
  for (const each of documents) each.classList.add("js");

  // What the reader chose stands in the address, so that it can be kept and sent on.
  const chosen = () => new URLSearchParams(location.hash.includes("=") ? location.hash.slice(1) : "");
  const keep = (name, value) => {
    const all = chosen();
    if (value) all.set(name, value); else all.delete(name);
    const text = all.toString();
    history.replaceState(null, "", text ? `#${text}` : location.pathname + location.search);
  };

  const number = (text) => {
    const plain = text.replace(/[£%,+\s\u2060]/g, "").replace(/^[−–]/, "-");
    return /^-?\d*\.?\d+p?$/.test(plain) ? parseFloat(plain) : NaN;
  };
  const sortKey = (row, column) => {
    const cell = row.cells[column];
    if (!cell) return "";
    if (cell.dataset.value) return Number(cell.dataset.value);
    const text = cell.textContent.trim(), value = number(text);
    return Number.isNaN(value) ? text : value;
  };
  // Numbers before words, and what is empty or not known at the end, whichever way the table is sorted.
  const compare = (a, b, down) => {
    const kind = (value) => typeof value === "number" ? 0 : value ? 1 : 2;
    if (kind(a) !== kind(b)) return kind(a) - kind(b);
    const order = typeof a === "number" ? a - b : a.localeCompare(b, "en-GB", { numeric: true });
    return down ? -order : order;
  };

  const PAGE = 50;
  for (const box of every("[data-table]")) {
    const table = box.querySelector("table"), name = box.dataset.table;
    const rows = [...table.tBodies].flatMap((body) => [...body.rows]).filter((row) => !row.classList.contains("group"));
    const counted = rows.filter((row) => !row.classList.contains("total"));
    const places = new Map(rows.map((row, n) => [row, n]));
    const status = box.querySelector(".shown"), form = box.querySelector("form");
    let sorted = "", most = PAGE;

    // Of many rows the first are shown, and more on demand; paper has all that pass the filters.
    const passing = new Set(rows);
    const more = document.createElement("p");
    more.className = "more";
    for (const [words, all] of [["Show more", false], ["Show all", true]]) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = words;
      button.addEventListener("click", () => { most = all ? Infinity : most + PAGE; show(); });
      more.append(button, " ");
    }
    box.append(more);
    const show = () => {
      let left = most;
      for (const body of table.tBodies) {
        const group = [...body.rows].find((row) => row.classList.contains("group"));
        for (const row of body.rows) if (row !== group) row.hidden = !passing.has(row) || left-- <= 0;
        if (group) group.hidden = ![...body.rows].some((row) => row !== group && !row.hidden);
      }
      more.hidden = passing.size <= most;
      say();
    };
    addEventListener("beforeprint", () => { const before = most; most = Infinity; show(); most = before; });
    addEventListener("afterprint", show);

    const say = () => {
      const shown = counted.filter((row) => !row.hidden).length, found = counted.filter((row) => passing.has(row)).length;
      const by = form ? [...form.elements].filter((e) => e.value && e.name)
        .map((e) => `${e.name}: ${e.selectedOptions[0].text.replace(/ \([\d,]+\)$/, "")}`) : [];
      const first = shown < found ? `the first ${shown.toLocaleString("en-GB")} of ` : "";
      const whole = found < counted.length ? `${found.toLocaleString("en-GB")} of ` : "";
      const parts = form || first ? [`Showing ${first}${whole}${counted.length.toLocaleString("en-GB")} row${counted.length === 1 ? "" : "s"}`] : [];
      if (by.length) parts[0] += ` (${by.join("; ")})`;
      if (sorted) parts.push(sorted);
      status.textContent = parts.length ? `${parts.join(". ")}.` : "";
    };

    const filter = () => {
      const wanted = [...form.elements].filter((e) => e.name && e.value).map((e) => e.value);
      passing.clear();
      for (const row of rows) {
        const has = (row.dataset.facets || "").split(" ");
        if (row.classList.contains("total") ? !wanted.length : wanted.every((value) => has.includes(value))) passing.add(row);
      }
      most = PAGE;
      show();
    };

    const heads = [...table.tHead.rows[0].cells];
    const sort = (column, down) => {
      heads.forEach((head, n) => n === column ? head.setAttribute("aria-sort", down ? "descending" : "ascending") : head.removeAttribute("aria-sort"));
      for (const body of table.tBodies) {
        const own = [...body.rows].filter((row) => !row.matches(".group, .total"));
        own.sort((a, b) => compare(sortKey(a, column), sortKey(b, column), down) || places.get(a) - places.get(b));
        const last = [...body.rows].filter((row) => row.matches(".total"));
        body.append(...own, ...last);
      }
      sorted = `Sorted by ${heads[column].textContent.trim()}, ${down ? "highest or last first" : "lowest or first first"}`;
      show();
    };

    if (table.hasAttribute("data-sortable")) {
      heads.forEach((head, column) => {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = head.textContent;
        head.replaceChildren(button);
        button.addEventListener("click", () => {
          // A column of figures shows its highest first.
          const first = head.classList.contains("number") ? "descending" : "ascending";
          const now = head.getAttribute("aria-sort");
          const down = (now ? (now === "ascending" ? "descending" : "ascending") : first) === "descending";
          sort(column, down);
          keep(`${name}.sort`, `${down ? "-" : ""}${column + 1}`);
        });
      });
      const by = parseInt(chosen().get(`${name}.sort`) || "", 10);
      if (by && heads[Math.abs(by) - 1]) sort(Math.abs(by) - 1, by < 0);
    }

    if (form) {
      form.hidden = false;
      const selects = [...form.querySelectorAll("select")];
      const text = (option) => option.text.replace(/ \([\d,]+\)$/, "");
      for (const select of selects) {
        const wanted = chosen().get(`${name}.${select.name}`);
        const option = wanted && [...select.options].find((each) => each.value && text(each) === wanted);
        if (option) option.selected = true;
        select.addEventListener("change", () => {
          keep(`${name}.${select.name}`, select.value ? text(select.selectedOptions[0]) : "");
          filter();
        });
      }
      form.addEventListener("submit", (event) => event.preventDefault());
      form.addEventListener("reset", () => setTimeout(() => {
        for (const select of selects) keep(`${name}.${select.name}`, "");
        filter();
      }));
      filter();
    } else {
      show();
    }
  }

  // A table that scrolls can be reached by the keyboard and says that it scrolls; one that does not is no stop.
  const measure = () => {
    for (const box of every(".scroll")) {
      const over = box.scrollWidth > box.clientWidth + 1;
      box.closest(".table").classList.toggle("scrolls", over);
      if (over) box.tabIndex = 0; else box.removeAttribute("tabindex");
      const name = box.querySelector("tbody tr:not(.group):not([hidden]) > th");
      box.style.setProperty("--room", `${box.clientWidth}px`);
      if (name) box.style.setProperty("--first", `${name.offsetWidth}px`);  // what is kept stops beside the names
    }
    for (const box of every(".chart")) {
      const over = box.scrollWidth > box.clientWidth + 1;
      for (const [name, value] of [["tabindex", "0"], ["role", "group"], ["aria-label", "Chart that scrolls sideways"]]) {
        if (over) box.setAttribute(name, value); else box.removeAttribute(name);
      }
    }
  };
  measure();
  addEventListener("resize", measure);
  addEventListener("load", measure);
  document.addEventListener("toggle", measure, true);

  addEventListener("beforeprint", () => {
    for (const fold of every("details:not([open])")) {
      fold.dataset.folded = "";
      fold.open = true;
    }
  });
  addEventListener("afterprint", () => {
    for (const fold of every("details[data-folded]")) {
      fold.open = false;
      delete fold.dataset.folded;
    }
  });
})();
