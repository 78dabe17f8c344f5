/* Colours code, on source pages and in code blocks; marks cited lines; gives source pages the site's colour scheme.

Done in the browser: colouring thousands of files would take longer than all else that builds a site. */
(() => {
  "use strict"
  const LARGEST = 400_000
  const KEYWORDS = new Set(("abstract and any as assert async await auto begin bool boolean break byte case catch chan char " +
    "class const constexpr continue crate data debugger declare def default defer delete do double dyn elif else elsif end " +
    "ensure enum except exec export extends extern false fi final finally float fn for foreach from fun func function global " +
    "go goto guard if impl implements import in include init inline instanceof int interface internal is isinstance keyof " +
    "lambda lateinit let local long loop macro match mod module move mut mutable namespace native new nil none not null " +
    "object of open operator or out override package pass priv private protected protocol pub public raise readonly record " +
    "ref register require rescue return sealed select self short signed sizeof static struct suspend super switch " +
    "synchronized template then this throw throws trait transient true try type typealias typedef typename typeof undef " +
    "union unless unsafe unsigned until use using val var virtual void volatile when where while with yield None True False " +
    "Self").split(" "))
  const DOUBLE = String.raw`"(?:\\[\s\S]|[^"\\\n])*"`
  const SINGLE = String.raw`'(?:\\[\s\S]|[^'\\\n])*'`
  const LETTER = String.raw`'(?:\\[^'\n]{1,10}|[^'\\\n])'`
  const SLASHES = String.raw`\/\/[^\n]*|\/\*[\s\S]*?\*\/`
  const TICKS = "`(?:\\\\[\\s\\S]|[^`\\\\])*`"
  const FAMILIES = {
    hash: [String.raw`#[^\n]*`, `"""[\\s\\S]*?"""|'''[\\s\\S]*?'''|${DOUBLE}|${SINGLE}`],
    slash: [SLASHES, `${DOUBLE}|${LETTER}`],
    script: [SLASHES, `${DOUBLE}|${SINGLE}|${TICKS}`],
    go: [SLASHES, `${DOUBLE}|${LETTER}|\`[^\`]*\``],
    php: [`${SLASHES}|#(?!\\[)[^\\n]*`, `${DOUBLE}|${SINGLE}`],
    dash: [String.raw`--[^\n]*|\/\*[\s\S]*?\*\/`, `${DOUBLE}|${SINGLE}`],
    json: ["(?!)", DOUBLE],
    markup: [String.raw`<!--[\s\S]*?-->`, `${DOUBLE}|${SINGLE}`],
  }
  const OF = {}
  for (const [family, names] of Object.entries({
    hash: "python py pyi pyx ruby rb shell bash sh zsh yaml yml toml ini cfg perl pl r elixir ex exs make makefile mk dockerfile tf hcl " +
      "terraform cmake powershell ps1 graphql nix github-actions gitlab-ci",
    slash: "c h cpp cc cxx hpp rust rs java kotlin kt kts csharp cs scala swift dart proto protobuf objc m zig gradle groovy",
    script: "javascript js mjs cjs jsx typescript ts tsx mts cts vue svelte css scss less",
    go: "go", php: "php", dash: "sql lua haskell hs ada", json: "json jsonc ipynb", markup: "html xml svg htm xhtml pom",
  })) names.split(" ").forEach(name => { OF[name] = family })

  const known = new Map()
  function grammar(family) {
    if (!known.has(family)) {
      const [comment, string] = FAMILIES[family]
      known.set(family, new RegExp(`(${comment})|(${string})|(\\b\\d[\\w.]*)|([\\p{L}_$][\\p{L}\\p{N}_$]*)`, "gu"))
    }
    return known.get(family)
  }

  /* Pieces of a text as [class, text]; an empty class for what has no colour. */
  function* pieces(text, family) {
    let last = 0
    for (const found of text.matchAll(grammar(family))) {
      const [all, comment, string, number, word] = found
      let kind = comment !== undefined ? "c" : string !== undefined ? "s" : number !== undefined ? "n" : ""
      if (word) {
        if (KEYWORDS.has(word) && family !== "markup" && family !== "json") kind = "k"
        else if (text[found.index + word.length] === "(") kind = "f"
        else if (/^\p{Lu}/u.test(word) && family !== "markup") kind = "t"
        else if (family === "markup" && text[found.index - 1]?.match(/[<\/]/)) kind = "k"
      }
      if (!kind) continue
      if (found.index > last) yield ["", text.slice(last, found.index)]
      yield [kind, all]
      last = found.index + all.length
    }
    if (last < text.length) yield ["", text.slice(last)]
  }

  function node(kind, text) {
    if (!kind) return document.createTextNode(text)
    const made = document.createElement("i")
    made.className = "hl-" + kind
    made.textContent = text
    return made
  }

  /* The types that the line below a signature links, by name: what follows its label, up to the next dot. */
  function typesBelow(code, label) {
    const block = code.closest("div.highlight") ?? code.parentElement
    const types = new Map()
    let below = block.previousElementSibling?.matches("h2, h3") && label ? block.nextElementSibling : null
    for (; below && !below.matches("h1, h2, h3, h4"); below = below.nextElementSibling) {
      let inside = false
      for (const part of below.matches("p") ? below.childNodes : []) {
        if (part.nodeType === 3) inside = part.data.endsWith(` · ${label} `) || (inside && !part.data.includes(" · "))
        else if (inside && part.matches("a[href]")) types.set(part.textContent, part.getAttribute("href"))
      }
    }
    return types
  }

  /* Where a text names the types: [start, end, address], in order. */
  function places(text, types) {
    const names = [...types.keys()].sort((a, b) => b.length - a.length).map(name => name.replace(/[^\w]/g, "\\$&"))
    if (!names.length) return []
    const named = new RegExp(`(?<![\\w$.'"-])(?:${names.join("|")})(?![\\w$])`, "g")
    return [...text.matchAll(named)].map(one => [one.index, one.index + one[0].length, types.get(one[0])])
  }

  /* Coloured nodes, each type a link around its own; texts and comments name none. What is copied stays the same. */
  function* linked(coloured, wanted) {
    let at = 0
    let link = null
    let next = 0
    for (const [kind, text] of coloured) {
      const end = at + text.length
      while (at < end) {
        while (next < wanted.length && (wanted[next][1] <= at || ("sc".includes(kind || "-") && wanted[next][0] < end))) next += 1
        const [start, stop, href] = wanted[next] ?? [Infinity, Infinity, ""]
        const cut = Math.min(end, at < start ? start : stop)
        const piece = node(kind, text.slice(text.length - (end - at), text.length - (end - cut)))
        if (at < start) yield piece
        else {
          if (at === start) {
            link = document.createElement("a")
            link.href = href
          }
          link.append(piece)
          if (cut === stop) yield link
        }
        at = cut
      }
    }
  }

  function colourBlocks() {
    const words = document.querySelector("dialog[data-words]")?.dataset.words
    const label = words ? JSON.parse(words).types : ""
    for (const code of document.querySelectorAll("pre.highlight > code[class^=language-]")) {
      const family = OF[code.className.slice("language-".length)]
      const text = code.textContent
      if (!family || text.length >= LARGEST) continue
      code.replaceChildren(...linked([...pieces(text, family)], places(text, typesBelow(code, label))))
    }
  }

  function colourLines(pre) {
    const name = pre.dataset.path.split("/").pop().toLowerCase()
    const family = OF[name.split(".").pop()] ?? OF[name]
    const lines = [...pre.children]
    const text = lines.map(line => line.lastChild.nodeType === 3 ? line.lastChild.data : "").join("\n")
    if (!family || text.length > LARGEST || pre.lastElementChild?.dataset.last) return
    const made = [[]]
    for (const [kind, piece] of pieces(text, family)) {
      piece.split("\n").forEach((part, n) => {
        if (n) made.push([])
        if (part) made[made.length - 1].push(node(kind, part))
      })
    }
    lines.forEach((line, n) => line.replaceChildren(line.firstChild, ...made[n] ?? []))
  }

  function markLines(pre) {
    for (const line of pre.querySelectorAll(".marked")) line.classList.remove("marked")
    const range = /^#L(\d+)(?:-L(\d+))?$/.exec(location.hash)
    if (!range) return
    const last = Number(range[2] ?? range[1])
    for (let n = Number(range[1]); n <= last; n += 1) lineAt(pre, n)?.classList.add("marked")
    lineAt(pre, Number(range[1]))?.scrollIntoView()
  }

  /* The element of a line; far down in a long file a thousand lines share one. */
  function lineAt(pre, number) {
    const own = pre.children[number - 1]
    if (own && !own.dataset.last) return own
    for (const block of pre.querySelectorAll("[data-last]")) if (number <= Number(block.dataset.last)) return block
    return null
  }

  /* The theme remembers the scheme by the site's address. */
  function follow() {
    const site = new URL(document.documentElement.dataset.base, location).pathname
    try {
      const scheme = JSON.parse(localStorage.getItem(`${site}.__palette`))?.color?.scheme
      if (scheme) document.documentElement.dataset.scheme = scheme
    } catch { /* a browser may refuse to remember: then the system's scheme stands */ }
  }

  /* The theme gives each block of code a landmark for its one button; a page of hundreds could not be found through. */
  function quiet() {
    for (const nav of document.querySelectorAll("nav.md-code__nav:not([role])")) nav.setAttribute("role", "none")
  }

  const pre = document.querySelector("pre[data-path]")
  if (!pre) {
    colourBlocks()
    quiet()
    new MutationObserver(quiet).observe(document.body, {childList: true, subtree: true})
    return
  }
  follow()
  addEventListener("storage", follow)
  addEventListener("hashchange", () => markLines(pre))
  colourLines(pre)
  markLines(pre)
})()
