// Draws a session's batches and files, and says in tables what the pictures show. The data stands in the page; nothing is loaded.
"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const t = (text, values = {}) => (data.words[text] ?? text).replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const $ = (id) => document.getElementById(id);
  const el = (tag, attributes = {}, ...children) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
      else if (value !== null && value !== false) node.setAttribute(name, value);
    }
    node.append(...children);
    return node;
  };
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  const language = document.documentElement.lang;
  const decimal = (value, most, least = most) => value.toLocaleString(language, {minimumFractionDigits: least, maximumFractionDigits: most});
  const seconds = (value) => value === null || value === undefined ? t("unknown") : value < 10 ? `${decimal(value, 2, 0)} s`
    : value < 120 ? `${Math.round(value)} s` : `${Math.floor(value / 60)} min ${String(Math.floor(value % 60)).padStart(2, "0")} s`;
  const dollars = (value) => value === null ? t("unknown") : t("${amount}", {amount: decimal(value, value && value < 0.01 ? 6 : 4)});
  const size = (value) => value < 1000 ? `${value} B` : value < 1e6 ? `${decimal(value / 1000, 1)} kB` : `${decimal(value / 1e6, 1)} MB`;
  const count = (value) => value.toLocaleString(language);

  const BATCH_STATES = ["done", "with gaps", "lost", "not ended"];
  const FATES = ["analysed", "reused", "skipped on purpose", "gap", "open"];
  const FATE_COLOURS = ["good", "reused", "plain", "bad", "track"];
  const batches = data.batches.map(([id, route, begin, spent, usd, files, gaps, state, attempts], number) =>
    ({number, id, route, begin, spent, usd, files, gaps, state, attempts}));
  const files = data.files.map(([folder, name, fate, batch, bytes, spent, usd]) =>
    ({path: data.folders[folder] === "." ? name : `${data.folders[folder]}/${name}`, folder, fate, batch, bytes, spent, usd}));

  // A table of pages of a dozen rows: sorted by its heads, searched by text, filtered by a list. It works by keyboard alone.
  function table(place, {name, head, rows, sort, filters}) {
    const PAGE = 12;
    let page = 0, by = sort[0], down = sort[1];
    const search = el("input", {type: "search", "aria-label": `${t("Search")}: ${name}`, placeholder: t("Search"), oninput: () => { page = 0; show(); }});
    const filter = filters && el("select", {"aria-label": `${t("Show")}: ${name}`, onchange: () => { page = 0; show(); }},
      ...filters.map(([label], number) => el("option", {value: number}, label)));
    const status = el("span", {role: "status"});
    const step = (label, by_) => el("button", {type: "button", onclick: () => { page += by_; show(); }}, label);
    const back = step(t("Previous"), -1), next = step(t("Next"), 1);
    const heads = head.map((column, number) => {
      const button = el("button", {type: "button", onclick: () => { down = by === number ? !down : Boolean(column.number); by = number; page = 0; show(); }}, column.label);
      return el("th", {scope: "col", class: column.number ? "number" : null}, button);
    });
    const body = el("tbody");
    const inner = el("table", {}, el("caption", {class: "hidden"}, name), el("thead", {}, el("tr", {}, ...heads)), body);
    place.append(el("div", {class: "tools"}, search, ...(filter ? [filter] : []), back, next, status),
      el("div", {class: "scroll", tabindex: "0", role: "region", "aria-label": name}, inner));
    function show() {
      const wanted = search.value.toLowerCase(), test = filters ? filters[filter.value || 0][1] : () => true;
      const found = rows.filter((row) => test(row) && (!wanted || head.some((column) => column.search && String(column.search(row)).toLowerCase().includes(wanted))));
      const key = head[by].key;
      found.sort((a, b) => { const x = key(a) ?? -1, y = key(b) ?? -1; return (x < y ? -1 : x > y ? 1 : 0) * (down ? -1 : 1); });
      const last = Math.max(0, Math.ceil(found.length / PAGE) - 1);
      page = Math.min(Math.max(page, 0), last);
      body.replaceChildren(...found.slice(page * PAGE, (page + 1) * PAGE).map((row) => el("tr", {}, ...head.map((column) =>
        el("td", {class: column.number ? "number" : null}, column.show(row))))));
      heads.forEach((cell, number) => number === by ? cell.setAttribute("aria-sort", down ? "descending" : "ascending") : cell.removeAttribute("aria-sort"));
      status.textContent = t("{from} to {to} of {all}", {from: found.length ? count(page * PAGE + 1) : 0, to: count(Math.min(found.length, (page + 1) * PAGE)), all: count(found.length)});
      // Not `disabled`, which takes the focus away from whoever has just stepped to the end; a step beyond it does nothing.
      back.setAttribute("aria-disabled", page === 0);
      next.setAttribute("aria-disabled", page === last);
    }
    show();
  }

  // Whether each attempt at a batch is known: without the history of its own execution only the last one is.
  const isWhole = (batch) => Boolean(data.attempts[batch.id]?.every(([state]) => state));

  // The files of a batch without documentation, by reason; those beyond the first are in the table of files.
  function missing(batch) {
    const MOST = 50, all = data.gaps[batch.id] ?? [], paths = new Map();
    if (!all.length) return batch.gaps === null ? [el("p", {class: "note"}, t("Which of its files have gaps is known when the session has ended."))] : [];
    for (const [path, reason, text] of all.slice(0, MOST)) {
      const why = data.texts[text] ? `${reason}: ${data.texts[text]}` : reason;
      paths.set(why, [...(paths.get(why) ?? []), path]);
    }
    return [el("h4", {}, `${t("Gaps")}: ${count(all.length)}`),
      ...[...paths].flatMap(([why, of]) => [el("p", {class: "flat"}, why), el("ul", {class: "flat"}, ...of.map((path) => el("li", {}, el("code", {}, path))))]),
      ...(all.length > MOST ? [el("p", {class: "note"}, t("{count} more: search the table of files for {batch}.", {count: count(all.length - MOST), batch: batch.id}))] : [])];
  }

  // From a batch to its cause: the batch's panel lists its attempts; an attempt opens to its error and the command for its log.
  function open(batch, opener) {
    const panel = $("detail"), known = data.attempts[batch.id];
    const ended = batch.begin === null || batch.spent === null ? null : batch.begin + batch.spent;
    const attempts = known ?? (batch.attempts ? [["", batch.begin, ended, "", null]] : []);
    const lines = () => el("p", {}, `${t("Its log lines:")} `, el("code", {}, `swarm logs ${data.session} --batch ${batch.id}${data.options}`));
    const title = el("h3", {tabindex: "-1"}, `${t("Batch")} ${batch.id}: ${t(BATCH_STATES[batch.state])}`);
    const close = () => { panel.hidden = true; opener?.isConnected ? opener.focus() : $("batch-table").querySelector("input").focus(); };
    const inside = files.filter((file) => file.batch === batch.number);
    panel.replaceChildren(title,
      el("p", {class: "note"}, `${batch.route || t("unknown")} · ${seconds(batch.spent)} · ${dollars(batch.usd)} · ${t("Files")}: ${count(batch.files)}`),
      ...(attempts.length ? [] : [el("p", {class: "flat"}, t("No attempt at it is recorded so far.")), lines()]),
      ...attempts.map(([state, begin, end, error, text], number) => el("details", {class: error ? "failed" : null, open: attempts.length === 1 ? "" : null},
        el("summary", {}, `${t("Attempt")} ${number + 1} ${isWhole(batch) || attempts.length > 1 ? "" : t("(the last)")} ${state} `,
          el("b", {}, error || (end === null && batch.state === 3 ? t("not ended") : t("no error")))),
        el("p", {class: "note"}, `${t("begun after")} ${seconds(begin)}, ${t("took")} ${seconds(begin === null || end === null ? null : end - begin)}`),
        ...(data.texts[text] ? [el("pre", {tabindex: "0"}, data.texts[text])] : []),
        lines())),
      ...missing(batch),
      el("p", {class: "note"}, inside.slice(0, 5).map((file) => `${file.path} (${size(file.bytes)})`).join(", ") + (inside.length > 5 ? ` … ${t("{count} files", {count: inside.length})}` : "")),
      el("button", {type: "button", onclick: close}, t("Close")));
    panel.onkeydown = (event) => { if (event.key === "Escape") close(); };
    panel.hidden = false;
    panel.scrollIntoView({block: "nearest"});
    title.focus({preventScroll: true});
  }

  function canvas(node, height, draw) {
    const context = node.getContext("2d");
    const paint = () => {
      const wide = node.clientWidth, ratio = self.devicePixelRatio || 1;
      const high = height(wide);
      node.style.height = `${high}px`;
      node.width = Math.round(wide * ratio);
      node.height = Math.round(high * ratio);
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.clearRect(0, 0, wide, high);
      draw(context, wide, high);
    };
    let waiting = 0;
    const soon = () => { cancelAnimationFrame(waiting); waiting = requestAnimationFrame(paint); };
    new ResizeObserver(soon).observe(node);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", soon);
    return soon;
  }

  function timeline() {
    const MOST_ROWS = 400, node = $("batch-picture"), about = $("batch-about");
    const timed = batches.filter((batch) => batch.begin !== null).sort((a, b) => a.begin - b.begin);
    $("batch-section").hidden = !batches.length;
    if (!timed.length) { $("batch-figure").hidden = true; return; }
    const rows = [], ends = [];
    timed.forEach((batch, number) => {
      const from = batch.begin, to = from + (batch.spent ?? Math.max(0, data.wall - from));
      let row = ends.findIndex((end) => end <= from);
      if (row < 0) row = ends.length < MOST_ROWS ? ends.length : number % MOST_ROWS;
      ends[row] = Math.max(to, ends[row] ?? 0);
      (rows[row] ??= []).push({batch, from, to});
    });
    const first = timed[0].begin, whole = Math.max(...ends, first + 0.001), high = Math.max(2, Math.min(14, Math.floor(360 / rows.length)));
    let view = [first, whole];
    const AXIS = 20;
    const soon = canvas(node, () => rows.length * high + AXIS, (context, wide) => {
      const scale = wide / (view[1] - view[0]), gap = high > 4 ? 2 : high > 2 ? 1 : 0;
      const paints = Object.fromEntries(["accent", "fargate", "good", "bad", "warn", "soft"].map((name) => [name, colour(name)]));
      const of = (batch) => paints[batch.state === 2 ? "bad" : batch.state === 1 ? "warn" : batch.route === "fargate" ? "fargate" : batch.route === "batch-inference" ? "good" : "accent"];
      rows.forEach((row, number) => row.forEach(({batch, from, to}) => {
        if (to < view[0] || from > view[1]) return;
        context.fillStyle = of(batch);
        context.fillRect((from - view[0]) * scale, number * high, Math.max(1, (to - from) * scale - (gap ? 1 : 0)), high - gap);
        for (const [, begin, end, error] of data.attempts[batch.id] ?? []) {
          if (!error || begin === null || end === null) continue;
          context.fillStyle = paints.bad;
          context.fillRect((begin - view[0]) * scale, number * high, Math.max(2, (end - begin) * scale), high - gap);
        }
      }));
      context.fillStyle = paints.soft;
      context.font = "12px system-ui, sans-serif";
      const marks = Math.max(2, Math.floor(wide / 140));
      for (let mark = 0; mark <= marks; mark++) {
        context.textAlign = mark === 0 ? "left" : mark === marks ? "right" : "center";
        context.fillText(seconds(view[0] + mark * (view[1] - view[0]) / marks), mark * wide / marks, rows.length * high + 15);
      }
    });
    const at = (event) => {
      const box = node.getBoundingClientRect(), scale = (view[1] - view[0]) / box.width;
      const when = view[0] + (event.clientX - box.left) * scale, row = rows[Math.floor((event.clientY - box.top) / high)];
      return row?.find(({from, to}) => when >= from - 2 * scale && when <= to + 2 * scale)?.batch;
    };
    const idle = (timed.length === 1 ? t("One batch: choose it to see its attempts.")
      : t("{count} batches on {rows} rows: batches of one row follow each other. Choose one to see its attempts.", {count: count(timed.length), rows: rows.length}))
      + (timed.length < batches.length ? ` ${t("{count} batches have no recorded time and are only in the table.", {count: count(batches.length - timed.length)})}` : "");
    about.textContent = idle;
    node.addEventListener("mousemove", (event) => {
      const batch = at(event);
      node.classList.toggle("over", Boolean(batch));
      about.textContent = batch ? `${batch.id} · ${batch.route} · ${seconds(batch.spent)} · ${t(BATCH_STATES[batch.state])}` : idle;
    });
    node.addEventListener("click", (event) => { const batch = at(event); if (batch) open(batch, null); });
    const move = (from, to) => { view = [Math.max(first, from), Math.min(whole, to)]; soon(); };
    const zoom = (factor) => { const middle = (view[0] + view[1]) / 2, half = (view[1] - view[0]) / 2 * factor; move(middle - half, middle + half); };
    const shift = (part) => { const width = view[1] - view[0], by = Math.max(first - view[0], Math.min(whole - view[1], part * width)); move(view[0] + by, view[1] + by); };
    const actions = [[t("Zoom in"), () => zoom(0.5)], [t("Zoom out"), () => zoom(2)], [t("Earlier"), () => shift(-0.5)], [t("Later"), () => shift(0.5)], [t("Whole"), () => move(first, whole)]];
    $("batch-tools").append(...actions.map(([label, act]) => el("button", {type: "button", onclick: act}, label)));
  }

  function coverage() {
    $("map-section").hidden = !files.length;
    if (!files.length) return;
    const node = $("map-picture"), about = $("map-about");
    let cell = 10, across = 1;
    const fit = (wide) => {
      for (cell = 16; cell >= 3; cell--) { across = Math.max(1, Math.floor(wide / cell)); if (cell === 3 || Math.ceil(files.length / across) * cell <= 260) break; }
      return Math.ceil(files.length / across) * cell;
    };
    canvas(node, fit, (context) => {
      const paints = FATE_COLOURS.map(colour), gap = cell > 5 ? 1.5 : 0.5;
      files.forEach((file, number) => {
        context.fillStyle = paints[file.fate];
        context.fillRect((number % across) * cell, Math.floor(number / across) * cell, cell - gap, cell - gap);
      });
    });
    const at = (event) => {
      const box = node.getBoundingClientRect(), column = Math.floor((event.clientX - box.left) / cell);
      return column < across ? files[Math.floor((event.clientY - box.top) / cell) * across + column] : undefined;
    };
    const idle = t("{count} files in the order of their paths", {count: count(files.length)});
    about.textContent = idle;
    node.addEventListener("mousemove", (event) => { const file = at(event); about.textContent = file ? `${file.path}: ${t(FATES[file.fate])}` : idle; });
    node.addEventListener("click", (event) => { const file = at(event); if (file && file.batch >= 0) open(batches[file.batch], null); });
    const folders = data.folders.map((name) => ({name, sums: [0, 0, 0, 0, 0]}));
    for (const file of files) folders[file.folder].sums[file.fate]++;
    const all = (folder) => folder.sums.reduce((sum, value) => sum + value);
    const column = (label, key) => ({label, key, show: (folder) => count(key(folder)), number: true});
    table($("map-table"), {name: t("Coverage by folder"), rows: folders, sort: [FATES.indexOf("gap") + 2, true], head: [
      {label: t("Folder"), key: (folder) => folder.name, show: (folder) => el("code", {}, folder.name), search: (folder) => folder.name},
      column(t("Files"), all), ...FATES.map((fate, number) => column(fate === "gap" ? t("gaps") : t(fate), (folder) => folder.sums[number]))
        .slice(0, files.some((file) => FATES[file.fate] === "open") ? FATES.length : FATES.indexOf("open"))]});
  }

  function tables() {
    const link = (batch) => { const button = el("button", {type: "button", class: "link", onclick: () => open(batch, button)}, batch.id); return button; };
    if (batches.length) table($("batch-table"), {name: t("Batches"), rows: batches, sort: [2, true],
      filters: [[t("all"), () => true], ...BATCH_STATES.map((state, number) => [t(state), (batch) => batch.state === number]), [t("more than one attempt"), (batch) => batch.attempts > 1]],
      head: [
        {label: t("Batch"), key: (batch) => batch.id, show: link, search: (batch) => batch.id},
        {label: t("Route"), key: (batch) => batch.route, show: (batch) => batch.route || t("unknown"), search: (batch) => batch.route},
        {label: t("State"), key: (batch) => [0, 2, 3, 1][batch.state], show: (batch) => t(BATCH_STATES[batch.state])},
        {label: t("Begun after"), key: (batch) => batch.begin, show: (batch) => seconds(batch.begin), number: true},
        {label: t("Took"), key: (batch) => batch.spent, show: (batch) => seconds(batch.spent), number: true},
        {label: t("Dollars"), key: (batch) => batch.usd, show: (batch) => dollars(batch.usd), number: true},
        {label: t("Files"), key: (batch) => batch.files, show: (batch) => count(batch.files), number: true},
        {label: t("Gaps"), key: (batch) => batch.gaps, show: (batch) => batch.gaps === null ? t("unknown") : count(batch.gaps), number: true},
        {label: t("Attempts"), key: (batch) => batch.attempts, show: (batch) => isWhole(batch) ? count(batch.attempts) : t("{count} known", {count: batch.attempts}), number: true}]});
    if (files.length) table($("file-table"), {name: t("Files"), rows: files, sort: [5, true],
      filters: [[t("all"), () => true], ...FATES.map((fate, number) => [t(fate), (file) => file.fate === number])],
      head: [
        {label: t("File"), key: (file) => file.path, show: (file) => el("code", {}, file.path), search: (file) => file.path},
        {label: t("State"), key: (file) => file.fate, show: (file) => t(FATES[file.fate])},
        {label: t("Batch"), key: (file) => file.batch, show: (file) => file.batch < 0 ? "–" : link(batches[file.batch]), search: (file) => batches[file.batch]?.id ?? ""},
        {label: t("Size"), key: (file) => file.bytes, show: (file) => size(file.bytes), number: true},
        {label: t("Seconds"), key: (file) => file.spent, show: (file) => file.batch < 0 ? "–" : seconds(file.spent), number: true},
        {label: t("Dollars"), key: (file) => file.usd, show: (file) => file.batch < 0 ? "–" : dollars(file.usd), number: true}]});
    $("file-section").hidden = !files.length;
  }

  timeline();
  coverage();
  tables();
})();
