/* The search: exact names first, then parts of names, then words of documentation and guides; product before tests.

The index is loaded when the dialog opens for the first time. An entry is [page, anchor, name, kind, text]; an empty
anchor stands for the symbol's own. Nothing here writes HTML: every text becomes a text node. */
(() => {
  "use strict"
  const dialog = document.querySelector("#swarm-search")
  if (!dialog || !dialog.showModal) return
  const opener = document.querySelector("#swarm-search-open")
  const input = dialog.querySelector("input")
  const list = dialog.querySelector("[role=listbox]")
  const status = dialog.querySelector("[role=status]")
  const base = dialog.dataset.base
  const said = JSON.parse(dialog.dataset.words)
  const SHOWN = 30
  const OF_A_PAGE = 3
  /* How near to what people look for a kind is, when names are equally alike. */
  const KINDS = {class: 60, struct: 60, interface: 60, trait: 60, enum: 55, type: 50, module: 50, function: 50, macro: 45,
    method: 40, property: 35, constant: 35, variant: 35, field: 30, event: 30, alias: 25, variable: 25, table: 20,
    "re-export": -80, file: 20, guide: 10, section: -10, key: -15}
  const QUESTION = new Set(("a an and are as at be by can could do does for has have how i if in is it its me my of on or " +
    "should that the there this to use using we what when where which who why with you your").split(" "))
  let entries = null
  let pages = null
  let results = []
  let active = -1

  const parts = name => name.replace(/([a-z\d])([A-Z])/g, "$1 $2").replace(/([A-Z]+)([A-Z][a-z])/g, "$1 $2")
    .split(/[^\p{L}\p{N}]+/u).join(" ").trim().toLowerCase()
  const words = text => " " + text.toLowerCase().split(/[^\p{L}\p{N}]+/u).join(" ")
  const dotted = text => text.replace(/\(.*\)$/, "").replace(/::|->|#/g, ".").trim()
  const bare = text => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "")
  const stem = word => word.length > 5 ? word.replace(/(?:ies|ing|ed|es|s|e)$/, "") : word.length > 3 ? word.replace(/s$/, "") : word

  /* As Python quotes a name. */
  const quoted = name => encodeURIComponent(name).replace(/[!'()*]/g, sign => "%" + sign.charCodeAt(0).toString(16).toUpperCase())

  function prepare(data) {
    pages = data.pages
    entries = data.entries.map(([page, anchor, name, kind, text]) => {
      const [url, title, of, apart] = pages[page]
      const whole = dotted(name)
      const symbol = of === "file" && kind !== "file"
      const last = whole.slice(whole.lastIndexOf(".") + 1)
      return {
        url: url + (symbol || anchor ? "#" + encodeURIComponent(anchor || "s." + quoted(name)) : ""),
        name, kind, text, title, page, of, apart, symbol, whole, last, low: whole.toLowerCase(), lastLow: last.toLowerCase(),
        parts: " " + parts(name), own: " " + parts(title), words: words(text),
        built: of === "file" && /(^|\/)(build|dist|lib\/cjs|lib\/esm|generated|vendor|third_party)\//.test(title),
        old: /(^|\/)(changelog|changes|history|news|licen[cs]e|authors)/i.test(title) || /^(security|code of conduct)/i.test(title),
      }
    })
  }

  /* How well a name answers what was typed as a name. */
  function likeness(entry, whole, low, flat) {
    let score = 0
    if (entry.whole === whole) score = 1000
    else if (entry.last === whole) score = 960
    else if (entry.low === low) score = 900
    else if (entry.lastLow === low) score = 860
    else if (low.includes(".") && entry.low.endsWith("." + low)) score = 850
    else if (bare(entry.last) === flat || bare(entry.whole) === flat) score = 800
    else if (flat.length > 1 && entry.lastLow.startsWith(low)) score = 500
    else if (flat.length > 2 && entry.low.includes(low)) score = 350
    else if (flat.length > 2 && bare(entry.name).includes(flat)) score = 300
    if (!score) return 0
    score += (KINDS[entry.kind] ?? 0) - 4 * entry.whole.split(".").length - Math.min(entry.last.length, 60) / 10
    if (entry.last.startsWith("_") && !low.startsWith("_")) score -= 30
    if (!entry.symbol) score -= 60
    if (entry.built) score -= 150
    return entry.apart ? score - 320 : score
  }

  function asName(query) {
    const whole = dotted(query)
    const low = whole.toLowerCase()
    const flat = bare(whole)
    if (!flat) return []
    return entries.map(entry => [likeness(entry, whole, low, flat), entry]).filter(([score]) => score > 0)
  }

  function asWords(query) {
    const all = parts(query).split(" ").filter(Boolean)
    const telling = all.filter(word => !QUESTION.has(word))
    const terms = [...new Set((telling.length ? telling : all).map(stem))]
    if (!terms.length) return []
    const hits = entries.map(entry => terms.map(term => {
      const start = " " + term
      const named = entry.parts.includes(start) ? 3 : 0
      let said = 0
      for (let at = entry.words.indexOf(start); at >= 0 && said < 3; at = entry.words.indexOf(start, at + 1)) said += 1
      const titled = entry.own.includes(start) ? 1 : 0
      return named + titled + (said ? 0.6 + 0.4 * said : 0)
    }))
    const rarity = terms.map((_, n) => Math.log(1 + entries.length / (1 + hits.filter(hit => hit[n]).length)))
    const whole = rarity.reduce((sum, one) => sum + one, 0)
    const found = []
    hits.forEach((hit, at) => {
      const covered = hit.reduce((sum, one, n) => sum + (one ? rarity[n] : 0), 0) / whole
      if (!covered || (terms.length > 1 && covered < 0.3)) return
      const entry = entries[at]
      let score = hit.reduce((sum, one, n) => sum + one * rarity[n], 0) / terms.length * covered * covered
      if (entry.of === "guide" && terms.length > 1) score *= 1.5
      if (entry.old) score *= 0.4
      if (entry.apart) score *= 0.3
      if (entry.built) score *= 0.4
      if (entry.last.startsWith("_")) score *= 0.6
      if (entry.kind === "re-export" || entry.kind === "key") score *= 0.4
      score /= 1 + Math.max(0, entry.words.length - 600) / 4000
      found.push([score, entry])
    })
    return found
  }

  function search(query) {
    const asked = query.trim()
    if (!asked || !entries) return []
    const best = new Map()
    for (const [score, entry] of asWords(asked)) best.set(entry, score * 10)
    if (asked.split(/\s+/).length < 4) {
      for (const [score, entry] of asName(asked)) best.set(entry, Math.max(score + 1000, best.get(entry) ?? 0))
    }
    const ranked = [...best].sort((a, b) => b[1] - a[1] || a[0].url.length - b[0].url.length || (a[0].url < b[0].url ? -1 : 1))
    const of = new Map()
    const kept = []
    for (const [entry, score] of ranked) {
      const seen = (of.get(entry.page) ?? 0) + 1
      if (seen > OF_A_PAGE && score < 1500) continue
      of.set(entry.page, seen)
      kept.push(entry)
      if (kept.length === SHOWN) break
    }
    return kept
  }

  function marked(text, terms) {
    const piece = document.createDocumentFragment()
    const wanted = terms.filter(term => term.length > 1).map(term => term.replace(/[\\^$.*+?()[\]{}|\/]/g, "\\$&"))
    const cuts = wanted.length ? text.split(new RegExp(`(${wanted.join("|")})`, "giu")) : [text]
    cuts.forEach((cut, n) => {
      if (!cut) return
      const node = n % 2 ? document.createElement("mark") : document.createTextNode(cut)
      if (n % 2) node.textContent = cut
      piece.append(node)
    })
    return piece
  }

  function excerpt(text, terms) {
    const low = text.toLowerCase()
    const first = Math.min(...terms.map(term => low.indexOf(term)).filter(at => at >= 0), text.length)
    const start = first > 80 && first < text.length ? low.indexOf(" ", first - 60) + 1 : 0
    return (start ? "…" : "") + text.slice(start, start + 160) + (start + 160 < text.length ? "…" : "")
  }

  function element(tag, name, ...inside) {
    const made = document.createElement(tag)
    if (name) made.className = name
    made.append(...inside)
    return made
  }

  function show() {
    results = search(input.value)
    const terms = input.value.toLowerCase().split(/\s+/).filter(word => word && !QUESTION.has(word))
    list.replaceChildren(...results.map((entry, n) => {
      const place = entry.title === entry.name ? "" : entry.title
      const link = element("a", "", element("b", "", marked(entry.name, terms)),
        element("span", "swarm-search__kind", entry.kind), element("span", "swarm-search__place", place))
      link.href = base + entry.url
      link.tabIndex = -1
      if (entry.text) link.append(element("span", "swarm-search__text", marked(excerpt(entry.text, terms), terms)))
      link.id = `swarm-search-${n}`
      link.setAttribute("role", "option")
      link.setAttribute("aria-selected", "false")
      return link
    }))
    input.setAttribute("aria-expanded", String(results.length > 0))
    status.textContent = !entries ? said.loading : !input.value.trim() ? "" :
      results.length ? (results.length === SHOWN ? said.first : said.count).replace("{count}", results.length) : said.nothing
    choose(results.length ? 0 : -1)
  }

  function choose(at) {
    list.children[active]?.setAttribute("aria-selected", "false")
    active = at
    const row = list.children[at]
    if (!row) return input.removeAttribute("aria-activedescendant")
    row.setAttribute("aria-selected", "true")
    row.scrollIntoView({block: "nearest"})
    input.setAttribute("aria-activedescendant", row.id)
  }

  function load() {
    if (entries) return
    const script = document.createElement("script")
    script.src = base + "assets/search-index.js"
    script.onload = () => { prepare(self.swarmSearch); show() }
    script.onerror = () => { status.textContent = said.failed }
    document.head.append(script)
  }

  function open() {
    if (dialog.open) return
    load()
    dialog.showModal()
    input.focus()
    input.select()
    show()
  }

  opener.addEventListener("click", open)
  input.addEventListener("input", show)
  dialog.addEventListener("click", event => { if (event.target === dialog) dialog.close() })
  list.addEventListener("click", () => dialog.close())
  dialog.querySelector("button").addEventListener("click", () => dialog.close())
  input.addEventListener("keydown", event => {
    const step = {ArrowDown: 1, ArrowUp: -1}[event.key]
    if (step && results.length) {
      event.preventDefault()
      choose((active + step + results.length) % results.length)
    } else if (event.key === "Enter" && list.children[active]) {
      event.preventDefault()
      list.children[active].click()
    }
  })
  document.addEventListener("keydown", event => {
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]")
    const wanted = (event.key === "k" && (event.ctrlKey || event.metaKey)) ||
      (!typing && !event.ctrlKey && !event.metaKey && !event.altKey && (event.key === "/" || event.key === "s"))
    if (wanted && !dialog.open) {
      event.preventDefault()
      open()
    }
  })
})()
