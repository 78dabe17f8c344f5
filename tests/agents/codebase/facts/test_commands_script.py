# ruff: noqa: E501 (a case is on as few lines as it has)
"""Command lines of JavaScript and TypeScript are read as their libraries write them."""

from __future__ import annotations

import pytest

from tests.agents.codebase.facts.reading import command_rows, mounts

COMMANDER = """\
import { Command, Option } from 'commander';
import { makeBuild } from './build';
const program = new Command();
program
  .name('tool')
  .description('Does ' +
    'things')
  .version('1.0.0')
  .option('-d, --debug', 'debug') // don't
  .requiredOption('-c, --config <path>', 'config', parseInt, 'x.json')
  .addOption(new Option('-s, --size <size>', 'the size').choices(['a', 'b']).default('a'));
const db = program.command('db').description('Database');
db.command('migrate <name>').description('Migrates').option('-f', 'force').action(async () => {
  other.option('x');
});
const x = db.command('seed [n]');
x.argument('<a>', 'an arg');
program.addCommand(makeBuild());
program.addCommand(new Command('inline').description('In').option('--deep'));
program.command('hid', { hidden: true });
program.parse();
"""
COMMANDER_IN_A_FUNCTION = """\
const { Command } = require('commander');
function makeBuild() {
  const build = new Command('build');
  build.description('Builds').option('--out <dir>', 'Out', 'dist');
  return build;
}
"""
YARGS = """\
import yargs from 'yargs';
import { hideBin } from 'yargs/helpers';
yargs(hideBin(process.argv))
  .scriptName('x')
  .command(['serve [port]', 's'], 'start the server', (yargs) => {
    return yargs.positional('port', { describe: 'port to bind on', default: 5000 })
  }, (argv) => {})
  .command('db', 'Database', y => y.command('up', 'Ups', { force: { type: 'boolean', describe: 'F' } }).demandCommand())
  .command({ command: 'obj <x>', describe: 'Obj', builder: { banana: { default: 'cool', alias: ['b'] } }, handler: () => {} })
  .options({
    // isn't it
    verbose: { alias: 'v', type: 'boolean', description: 'Run with verbose logging', demandOption: true },
  })
  .option('quiet', { boolean: true })
  .parse()
"""
YARGS_EXPORTS = """\
import type { Argv } from 'yargs';
export const command = ['get <source> [proxy]', 'g'];
export const describe = 'make a request';
export function builder(yargs: Argv) {
  return yargs.option('banana', { type: 'string', describe: 'B' }).positional('source', { describe: 'S' });
}
export const handler = () => {};
"""
YARGS_MODULE = """\
module.exports = {
  command: 'put <x>',
  describe: 'Puts',
  builder: { a: { default: 1, describe: 'A' } },
  handler() {},
};
"""
YARGS_TYPED_MODULE = """\
import type { CommandModule } from 'yargs';
export const buildCommand: CommandModule<{}, Opts> = {
  command: 'build [dir]',
  aliases: ['b'],
  describe: 'Builds',
  builder: (yargs) => yargs.option('watch', { alias: 'w', type: 'boolean', default: false, description: 'Watch' }),
  handler: async (argv) => {},
};
"""
OCLIF = """\
import { Args, Command, Flags } from '@oclif/core'
import { BaseCommand } from '../base'
export default class AppCreate extends BaseCommand<typeof AppCreate> {
  static override description = `Create
an app`
  static summary = 'Sum'
  static aliases = ['x']
  static args = {
    // isn't
    person: Args.string({description: 'Person', required: true}),
  }
  static override flags = {
    from: Flags.string({char: 'f', description: 'Who', required: true, options: ['a', 'b']}),
    loud: Flags.boolean({default: false, hidden: true}),
    'dry-run': Flags.boolean({ allowNo: true, default: true }),
    ...BaseCommand.baseFlags,
    n: Flags.integer(),
    cust: Flags.custom<X>({ description: 'c' })(),
  }
}
"""
OCLIF_BY_ASSIGNMENT = """\
const {Command, flags} = require('@oclif/command')
class HelloCommand extends Command {
  async run() { const {flags} = this.parse(HelloCommand) }
}
HelloCommand.description = `Describe the command here
...
`
HelloCommand.args = [{name: 'file', description: 'the file', required: true}]
HelloCommand.flags = {
  name: flags.string({char: 'n', description: 'name to print'}),
}
"""
CITTY = """\
import { defineCommand, runMain } from 'citty';
const main = defineCommand({
  meta: { name: 'hello', version: '1', description: 'My CLI' },
  args: { ...shared, name: { type: 'positional', description: 'Your name', required: true }, friendly: { type: 'boolean', alias: ['f'], default: true } },
  subCommands: { build: () => import('./build').then(r => r.default), dev: devCommand, deploy: defineCommand({ meta: { description: 'Dep' }, args: { x: { type: 'string' } } }) },
  run({ args }) {}
});
export default defineCommand({ meta: { name: 'build', description: 'Build it' }, args: { dir: { type: 'positional' } } });
"""
PARSEARGS = """\
import { parseArgs } from 'node:util';
const options = { foo: { type: 'boolean', short: 'f', default: true }, bar: { type: 'string', multiple: true } };
const { values } = parseArgs({ args, options, allowPositionals: true });
"""
MEOW = """\
import meow from 'meow';
const cli = meow(`
    Usage
      $ foo <input>

    Options
      --rainbow, -r  Include a rainbow
      --size  How
      big
`, { importMeta: import.meta, flags: { rainbow: { type: 'boolean', shortFlag: 'r' }, dryRun: { type: 'boolean', default: false, isRequired: true } } });
"""

CASES = {
    "typescript commander": (
        COMMANDER,
        [
            ("commander", "tool", "program", "", "", "Does things"),
            ("commander", "-d, --debug", "program", "", "", "debug"),
            ("commander", "-c, --config <path>", "program", "", "x.json", "config", "required"),
            ("commander", "-s, --size <size>", "program", "a | b", "a", "the size"),
            ("commander", "db", "db", "", "", "Database"),
            ("commander", "migrate <name>", "migrate <name>", "", "", "Migrates"),
            ("commander", "-f", "migrate <name>", "", "", "force"),
            ("commander", "seed [n]", "x", "", "", ""),
            ("commander", "<a>", "x", "", "", "an arg", "argument"),
            ("commander", "inline", "inline", "", "", "In"),
            ("commander", "--deep", "inline", "", "", ""),
        ],
        [("program", "db"), ("db", "migrate <name>"), ("db", "x"), ("program", "makeBuild()"), ("program", "inline")],
    ),
    "javascript commander in a function": (
        COMMANDER_IN_A_FUNCTION,
        [
            ("commander", "build", "build", "", "", "Builds"),
            ("commander", "--out <dir>", "build", "", "dist", "Out"),
        ],
        [],
    ),
    "javascript yargs": (
        YARGS,
        [
            ("yargs", "serve [port]", "serve [port]", "", "", "start the server"),
            ("yargs", "port", "serve [port]", "", "5000", "port to bind on", "argument"),
            ("yargs", "db", "db", "", "", "Database"),
            ("yargs", "up", "up", "", "", "Ups"),
            ("yargs", "--force", "up", "boolean", "", "F"),
            ("yargs", "obj <x>", "obj <x>", "", "", "Obj"),
            ("yargs", "--banana, -b", "obj <x>", "", "cool", ""),
            ("yargs", "--verbose, -v", "", "boolean", "", "Run with verbose logging", "required"),
            ("yargs", "--quiet", "", "boolean", "", ""),
        ],
        [("db", "up")],
    ),
    "typescript yargs exports": (
        YARGS_EXPORTS,
        [
            ("yargs", "get <source> [proxy]", "command", "", "", "make a request"),
            ("yargs", "--banana", "command", "string", "", "B"),
            ("yargs", "source", "command", "", "", "S", "argument"),
        ],
        [],
    ),
    "javascript yargs module": (
        YARGS_MODULE,
        [
            ("yargs", "put <x>", "command", "", "", "Puts"),
            ("yargs", "-a", "command", "", "1", "A"),
        ],
        [],
    ),
    "typescript yargs typed module": (
        YARGS_TYPED_MODULE,
        [
            ("yargs", "build [dir]", "buildCommand", "", "", "Builds"),
            ("yargs", "--watch, -w", "buildCommand", "boolean", "false", "Watch"),
        ],
        [],
    ),
    "typescript oclif": (
        OCLIF,
        [
            ("oclif", "AppCreate", "AppCreate", "", "", "Sum"),
            ("oclif", "<person>", "AppCreate", "", "", "Person", "argument", "required"),
            ("oclif", "--from, -f", "AppCreate", "a | b", "", "Who", "required"),
            ("oclif", "--dry-run", "AppCreate", "", "true", ""),
            ("oclif", "--n", "AppCreate", "", "", ""),
            ("oclif", "--cust", "AppCreate", "", "", "c"),
        ],
        [],
    ),
    "javascript oclif by assignment": (
        OCLIF_BY_ASSIGNMENT,
        [
            ("oclif", "HelloCommand", "HelloCommand", "", "", "Describe the command here\n..."),
            ("oclif", "--name, -n", "HelloCommand", "", "", "name to print"),
        ],
        [],
    ),
    "typescript citty": (
        CITTY,
        [
            ("citty", "hello", "main", "", "", "My CLI"),
            ("citty", "<name>", "main", "", "", "Your name", "argument", "required"),
            ("citty", "--friendly, -f", "main", "boolean", "true", ""),
            ("citty", "deploy", "deploy@5", "", "", "Dep"),
            ("citty", "--x", "deploy@5", "string", "", ""),
            ("citty", "build", "build", "", "", "Build it"),
            ("citty", "<dir>", "build", "", "", "", "argument"),
        ],
        [("main", "devCommand"), ("main", "deploy@5")],
    ),
    "javascript parseArgs": (
        PARSEARGS,
        [
            ("parseArgs", "--foo, -f", "", "boolean", "true", ""),
            ("parseArgs", "--bar", "", "string", "", ""),
        ],
        [],
    ),
    "javascript meow": (
        MEOW,
        [
            ("meow", "--rainbow, -r", "", "boolean", "", "Include a rainbow"),
            ("meow", "--dry-run", "", "boolean", "false", "", "required"),
        ],
        [],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_commands_and_options_have_what_their_file_says_of_them(case: str) -> None:
    text, wanted, _ = CASES[case]

    assert command_rows(case.split()[0], text) == wanted


@pytest.mark.parametrize("case", CASES)
def test_a_command_below_another_says_so(case: str) -> None:
    text, _, wanted = CASES[case]

    assert mounts(case.split()[0], text) == wanted
