// Types into the search of built sites, runs axe over pages, or opens and uses a large report.html. One JSON request on standard input, the answer on
// standard output. argv: folder of the npm packages, browser.
"use strict"
const {createRequire} = require("node:module")
const {readFileSync} = require("node:fs")
const path = require("node:path")
const [modules, executablePath] = process.argv.slice(2)
const load = createRequire(path.join(modules, "package.json"))
const {chromium} = load("playwright-core")
const ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-sync", "--disable-background-networking"]

async function search(browser, {site, typed}) {
  const page = await browser.newPage()
  await page.goto(`file://${site}/index.html`)
  await page.keyboard.press("/")
  await page.waitForFunction(() => !document.querySelector("#swarm-search [role=status]").textContent)
  const found = []
  for (const text of typed) {
    await page.fill("#swarm-search input", text)
    found.push(await page.$$eval("#swarm-search [role=option]", links => links.slice(0, 10).map(one => one.getAttribute("href"))))
  }
  // The keyboard alone: down and up again, then into the first result.
  await page.fill("#swarm-search input", typed[0])
  for (const key of ["ArrowDown", "ArrowUp", "Enter"]) await page.keyboard.press(key)
  await page.waitForURL(url => decodeURIComponent(url.href).includes(decodeURIComponent(found[0][0].replace(/^\.\//, ""))))
  await page.close()
  return found
}

async function axe(browser, {pages, schemes, widths}) {
  const source = readFileSync(load.resolve("axe-core/axe.min.js"), "utf-8")
  const found = []
  for (const colorScheme of schemes) for (const width of widths) {
    // The pages' own policy forbids scripts that are not theirs; axe is one.
    const context = await browser.newContext({bypassCSP: true, colorScheme, viewport: {width, height: 900}})
    const page = await context.newPage()
    for (const {file, open, chosen} of pages) {
      await page.goto(`file://${file}`)
      if (open) {
        await page.keyboard.press("/")
        await page.waitForFunction(() => self.swarmSearch)
        await page.fill("#swarm-search input", open)
      }
      if (chosen) await page.click(chosen)
      await page.waitForTimeout(400)
      await page.evaluate(source)
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
      const {violations} = await page.evaluate(() => self.axe.run())
      found.push({file, colorScheme, width, overflow: wide, violations: violations.map(one => ({
        id: one.id, count: one.nodes.length, first: one.nodes[0].html.slice(0, 160),
        why: (one.nodes[0].any[0] ?? one.nodes[0].all[0] ?? one.nodes[0].none[0])?.message}))})
    }
    await context.close()
  }
  return found
}

async function report(browser, {report: file}) {
  const page = await browser.newPage({viewport: {width: 1300, height: 900}})
  const errors = []
  let requests = -1 // the page itself
  page.on("pageerror", error => errors.push(String(error)))
  page.on("console", message => message.type() === "error" && errors.push(message.text()))
  page.on("request", () => requests++)
  const drawn = () => page.evaluate(() => new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve))))
  const started = Date.now()
  await page.goto(`file://${file}`)
  await drawn()
  const open = Date.now() - started
  // Each change of the picture, from the click to the second frame behind it.
  let frame = 0
  for (const name of ["Zoom in", "Zoom in", "Later", "Zoom out", "Whole"]) {
    const took = await page.evaluate(async label => {
      const button = [...document.querySelectorAll("#batch-tools button")].find(one => one.textContent === label)
      const from = performance.now()
      button.click()
      await new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve)))
      return performance.now() - from
    }, name)
    frame = Math.max(frame, took)
  }
  // By keyboard: the worst batches stand first; choose one, then the attempt that failed last.
  let steps = 0
  const choose = () => { steps++; return page.keyboard.press("Enter") }
  await page.focus("#batch-table .link")
  await choose()
  const last = page.locator("#detail details.failed").last()
  await last.locator("summary").focus()
  await choose()
  const cause = `${await last.locator("summary b").innerText()}: ${await last.locator("code").innerText()}`
  const bytes = readFileSync(file).length
  await page.close()
  return {bytes, open_s: open / 1000, frame_ms: Math.round(frame), steps, cause, requests, errors}
}

(async () => {
  const request = JSON.parse(readFileSync(0, "utf-8"))
  const browser = await chromium.launch({executablePath, args: ARGUMENTS})
  try {
    console.log(JSON.stringify(await (request.report ? report : request.pages ? axe : search)(browser, request)))
  } finally {
    await browser.close()
  }
})().catch(error => { console.error(error); process.exit(1) })
