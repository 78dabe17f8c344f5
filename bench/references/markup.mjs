// What the tools of Vue, Svelte and AsciiDoc see in files: lines of JSON, [file, name, member, must stand].
// Called with the kind and the folder of node_modules; the files' names stand on the standard input, one a line.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [kind, folder] = process.argv.slice(2);
const load = createRequire(`${folder}/package.json`);
const say = (file, name, member = true, required = true) => console.log(JSON.stringify([file, name, member, required]));

async function vue(file) {
  const { parse } = load("vue-docgen-api");
  const found = await parse(file);
  for (const [owner, listed] of [["props", found.props], ["emits", found.events], ["slots", found.slots]])
    for (const one of listed ?? [])
      // What another file declares is listed there.
      if (!one.name.includes("`") && !one.mixin && !one.extends) say(file, `${owner}.${one.name}`);
  for (const one of found.expose ?? []) say(file, `exposed.${one.name}`, true, false);
}

function* names(pattern) {
  if (pattern.type === "Identifier") yield pattern.name;
  for (const part of pattern.properties ?? []) {
    if (part.type === "Property") yield part.key.name ?? part.key.value;
  }
}

function svelte(file) {
  const { parse } = load("svelte/compiler");
  const tree = parse(readFileSync(file, "utf8"), { modern: true });
  for (const node of tree.instance?.content.body ?? []) {
    const declared = node.type === "ExportNamedDeclaration" ? node.declaration : node;
    const exported = node.type === "ExportNamedDeclaration";
    if (exported && declared?.type === "FunctionDeclaration") say(file, declared.id.name, false);
    for (const one of exported && !declared ? node.specifiers : []) say(file, one.exported.name, true);
    for (const one of declared?.type === "VariableDeclaration" ? declared.declarations : []) {
      if (exported) for (const name of names(one.id)) say(file, name);
      else if (one.init?.type === "CallExpression" && one.init.callee.name === "$props")
        for (const name of names(one.id)) say(file, `props.${name}`);
    }
  }
  const seen = new Set();
  (function walk(node) {
    if (!node || typeof node !== "object" || seen.has(node)) return;
    seen.add(node);
    if (node.type === "SlotElement" || (node.type === "RegularElement" && node.name === "slot")) {
      const named = node.attributes.find((one) => one.name === "name");
      say(file, `slots.${named?.value[0]?.data ?? "default"}`);
    }
    if (node.type === "OnDirective" && !node.expression) say(file, `emits.${node.name}`);
    const first = node.type === "CallExpression" && node.callee.name === "dispatch" && node.arguments[0];
    if (first && typeof first.value === "string") say(file, `emits.${first.value}`);
    for (const value of Object.values(node)) for (const one of Array.isArray(value) ? value : [value]) walk(one);
  })(tree);
}

async function asciidoc(file) {
  const processor = load("@asciidoctor/core")();
  const document = processor.load(readFileSync(file, "utf8"), { safe: "safe", attributes: { "env-github": "" } });
  if (document.getHeader()?.hasTitle?.() || document.getDocumentTitle()) say(file, document.getDocumentTitle(), false);
  for (const section of document.findBy({ context: "section" })) if (section.getLevel() > 0) say(file, section.getTitle(), false);
}

for (const file of readFileSync(0, "utf8").split("\n").filter(Boolean)) {
  try {
    await { vue, svelte, asciidoc }[kind](file);
  } catch (error) {
    console.error(`${file}: ${String(error.message ?? error).split("\n")[0]}`);
  }
}
