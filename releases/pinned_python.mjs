// Runs one Python file in Pyodide: node pinned_python.mjs PYODIDE SCRIPT INPUT FOLDER
// SCRIPT's main() gets INPUT, and FOLDER as /work; what it returns is the last line of standard output.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [package_, script, input, folder] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${package_}/pyodide.mjs`));
// Nothing may depend on the order in which a set of strings is walked.
const python = await loadPyodide({ indexURL: package_, env: { HOME: "/tmp", PYTHONHASHSEED: "0" } });
python.mountNodeFS("/work", folder);
const names = python.toPy({ __name__: "packing" });
python.runPython("import sys, types; sys.modules['packing'] = types.ModuleType('packing')");
try {
  python.runPython(readFileSync(script, "utf8"), { globals: names, filename: "packing.py" });
  console.log(names.get("main")(input));
} catch (error) {
  // Node would show the line of Pyodide's own code that threw: a megabyte of it.
  console.error(error.message ?? String(error));
  process.exitCode = 1;
}
