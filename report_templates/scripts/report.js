/* What the page can do beyond being read: search, downloads, the current chapter in the contents, a bar of contents
   on phones. Everything it adds is made here, from the page itself: without it nothing is missing and nothing is dead.
   The page's content security policy names this text by its digest. */
(() => {
  "use strict";
  const root = document.documentElement;
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  };
  const words = element => element.textContent.replace(/\s+/g, " ").trim();
  root.classList.add("js");

  // --- what an address leads to is opened --------------------------------------------------------
  const reveal = () => {
    let target = null;
    try { target = document.getElementById(decodeURIComponent(location.hash.slice(1))); } catch { return; }
    if (!target) return;
    let opened = false;
    for (let one = target; one; one = one.parentElement) {
      if (one.tagName === "DETAILS" && !one.open) opened = one.open = true;
    }
    if (opened) target.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  reveal();

  // --- contents: a bar on phones, and where the reader is ----------------------------------------
  const contents = document.querySelector("nav.contents");
  const ribbon = document.querySelector(".ribbon");
  const places = all('a[href^="#"]', contents)
    .map(link => ({ link, heading: document.getElementById(link.hash.slice(1)) }))
    .filter(place => place.heading);
  const toggle = make("button", { type: "button", class: "contents-toggle", "aria-expanded": "false" }, "Contents");
  const panel = make("div", { class: "contents-panel" }, ...contents.childNodes);
  contents.append(toggle, panel);
  const fold = open => toggle.setAttribute("aria-expanded", String(open));
  toggle.addEventListener("click", () => fold(toggle.getAttribute("aria-expanded") !== "true"));
  contents.addEventListener("click", event => { if (event.target.closest("a")) fold(false); });

  let current = null;
  const follow = () => {
    const line = innerHeight * 0.35;
    const here = places.findLast(place => place.heading.getBoundingClientRect().top < line) || null;
    if (here === current) return;
    current?.link.removeAttribute("aria-current");
    here?.link.setAttribute("aria-current", "location");
    toggle.textContent = here ? `Contents: ${words(here.link)}` : "Contents";
    current = here;
  };
  let asked = false;
  addEventListener("scroll", () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => { asked = false; follow(); });
  }, { passive: true });
  const measure = () => root.style.setProperty("--ribbon", `${ribbon ? ribbon.offsetHeight : 0}px`);
  addEventListener("resize", () => { measure(); follow(); });
  measure();
  follow();

  // --- a table is a stop of the keyboard only where it has something to scroll ---------------------
  const fits = new ResizeObserver(entries => {
    for (const { target } of entries) {
      const wide = target.scrollWidth > target.clientWidth + 1;
      target.classList.toggle("scrolls", wide);
      if (wide || target.scrollHeight > target.clientHeight + 1) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
    }
  });
  for (const region of all(".table-scroll")) fits.observe(region);

  // --- search: chapters, questions, indicators and terms, as they stand in the page ----------------
  const plain = text => text.toLowerCase().normalize("NFKD").replace(/[\u0300-\u036f]/g, "");
  const SHOWN = 12;
  let index = null;
  const build = () => {
    const found = new Map();
    const add = (id, title, kind, more = "") => {
      const known = found.get(id);
      if (known) known.text += ` ${plain(`${title} ${more}`)}`;
      else found.set(id, { id, title, kind, name: plain(title), text: plain(`${title} ${more}`) });
    };
    for (const { heading } of places) add(heading.id, words(heading), "Chapter");
    for (const heading of all("section.question > h3[id]")) add(heading.id, words(heading), "Question");
    for (const one of all("details.measure[id]")) add(one.id, words(one.querySelector("summary")), "Question");
    for (const entry of all(".dictionary .entry")) {
      const block = entry.querySelector("[id]");
      const id = block.id.replace(/^dictionary-/, "");
      add(document.getElementById(id) ? id : block.id, words(entry.querySelector("summary")), "Indicator", id.replaceAll("_", " "));
    }
    for (const term of all(".glossary dt")) {
      if (!term.id) term.id = `term-${plain(words(term)).replace(/[^a-z0-9]+/g, "-")}`;
      add(term.id, words(term), "Glossary", words(term.nextElementSibling || term));
    }
    return [...found.values()];
  };
  const rank = (entry, asked) => {
    let score = 0;
    for (const word of asked) {
      const at = ` ${entry.text}`.indexOf(` ${word}`);
      if (at < 0 && !(word.length > 3 && entry.text.includes(word))) return -1;
      score += entry.name.startsWith(word) ? 4 : ` ${entry.name}`.includes(` ${word}`) ? 3 : at >= 0 ? 2 : 1;
    }
    return score + (entry.kind === "Chapter" ? 1 : 0);
  };

  const box = make("input", { type: "search", id: "search-box", autocomplete: "off", spellcheck: "false", "aria-controls": "search-results" });
  const told = make("p", { class: "search-told", role: "status", "aria-live": "polite" });
  const results = make("ul", { id: "search-results" });
  const search = make("div", { class: "search", role: "search" }, make("label", { for: "search-box" }, "Search this report"), box, told, results);
  panel.prepend(search);

  const look = () => {
    const asked = plain(box.value).split(/[^a-z0-9%&]+/).filter(Boolean);
    index ||= build();
    const ready = asked.join("").length > 1;
    const hits = ready
      ? index.map(entry => [rank(entry, asked), entry]).filter(([score]) => score >= 0).sort((a, b) => b[0] - a[0])
      : [];
    results.replaceChildren(...hits.slice(0, SHOWN).map(([, entry]) =>
      make("li", {}, make("a", { href: `#${entry.id}` }, entry.title, make("span", { class: "search-kind" }, entry.kind)))));
    told.textContent = !ready ? ""
      : !hits.length ? "Nothing found. Try fewer or other words."
      : hits.length > SHOWN ? `${hits.length} results, the first ${SHOWN} are shown.`
      : `${hits.length} ${hits.length === 1 ? "result" : "results"}.`;
  };
  box.addEventListener("input", look);
  search.addEventListener("keydown", event => {
    const links = all("a", results);
    const at = links.indexOf(document.activeElement);
    if (event.key === "Escape") { box.value = ""; look(); box.focus(); fold(false); }
    else if (event.key === "ArrowDown" && links.length) links[Math.min(at + 1, links.length - 1)].focus();
    else if (event.key === "ArrowUp" && at >= 0) (links[at - 1] || box).focus();
    else if (event.key === "Enter" && document.activeElement === box && links.length) links[0].click();
    else return;
    event.preventDefault();
  });
  // The heading that was asked for takes the focus, so that reading and tabbing go on from there.
  results.addEventListener("click", event => {
    const link = event.target.closest("a");
    const target = link && document.getElementById(link.hash.slice(1));
    if (!target) return;
    setTimeout(() => {
      reveal();
      const stop = target.querySelector("summary") || target.closest("details")?.querySelector("summary") || target;
      if (stop === target) target.tabIndex = -1;
      stop.focus();
    });
  });

  // --- downloads: the numbers and the drawing of each figure, made when its data are opened ---------
  const save = (name, type, content) => {
    const address = URL.createObjectURL(new Blob(content, { type }));
    const link = make("a", { href: address, download: name });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  };
  // A cell that a spreadsheet would run as a formula is text (OWASP, "CSV injection"); a negative number is none.
  const cell = text => {
    const safe = /^[=+\-@\t\r\n＝＋－＠]/.test(text) && !/^-[\d.,]+%?$/.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  const csv = table => all("tr", table).map(row => all("th,td", row).map(one => cell(words(one))).join(",")).join("\r\n") + "\r\n";

  const lines = (text, room) => text.split(" ").reduce((made, word) => {
    const last = made.at(-1);
    if (last && `${last} ${word}`.length <= room) made[made.length - 1] = `${last} ${word}`;
    else made.push(word);
    return made;
  }, []);
  // The drawing as it prints, with its title above and its source below on white: a picture that can stand alone.
  const picture = figure => {
    const drawing = figure.querySelector("svg.chart").cloneNode(true);
    const [, , width, height] = drawing.getAttribute("viewBox").split(" ").map(Number);
    const inside = width - 24;
    const above = [[".figure-title", 15, 600], [".figure-subtitle", 12, 400]];
    const parts = [];
    let y = 8;
    const write = (selector, size, weight) => {
      for (const line of lines(words(figure.querySelector(selector)), Math.floor(inside / (size * 0.53)))) {
        const text = document.createElementNS("http://www.w3.org/2000/svg", "text");
        y += size * 1.25;
        for (const [name, value] of Object.entries({ x: 12, y, "font-size": size, "font-weight": weight, fill: "#17212b" })) text.setAttribute(name, value);
        text.textContent = line;
        parts.push(text);
      }
    };
    for (const part of above) write(...part);
    y += 10;
    drawing.setAttribute("x", 12);
    drawing.setAttribute("y", y);
    drawing.setAttribute("width", inside);
    drawing.setAttribute("height", (height * inside) / width);
    drawing.removeAttribute("class");
    y += (height * inside) / width + 4;
    write(".figure-source", 10, 400);
    const whole = drawing.cloneNode(false);
    for (const name of ["x", "y", "role"]) whole.removeAttribute(name);
    whole.setAttribute("viewBox", `0 0 ${width} ${y + 12}`);
    whole.setAttribute("width", width * 2);
    whole.setAttribute("height", (y + 12) * 2);
    const ground = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    for (const [name, value] of Object.entries({ width, height: y + 12, fill: "#ffffff" })) ground.setAttribute(name, value);
    whole.append(ground, ...parts, drawing);
    return new XMLSerializer().serializeToString(whole);
  };

  for (const figure of all("figure.figure")) {
    const details = figure.querySelector("details.data");
    if (!details) continue;
    details.querySelector("summary").firstChild.textContent = "Data and downloads";
    details.addEventListener("toggle", () => {
      const title = words(figure.querySelector(".figure-title"));
      const hidden = () => make("span", { class: "visually-hidden" }, `: ${title}`);
      const table = make("button", { type: "button" }, "Download data (CSV)", hidden());
      const chart = make("button", { type: "button" }, "Download chart (SVG)", hidden());
      table.addEventListener("click", () => save(`${figure.id}.csv`, "text/csv", ["\ufeff", csv(details.querySelector("table"))]));
      chart.addEventListener("click", () => save(`${figure.id}.svg`, "image/svg+xml", [picture(figure)]));
      details.append(make("div", { class: "figure-tools" }, table, chart));
    }, { once: true });
  }
})();
