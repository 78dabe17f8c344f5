# ruff: noqa: E501 (a case is on as few lines as it has)
"""Command lines of PHP and Ruby are read as their frameworks write them."""

from __future__ import annotations

import pytest

from tests.agents.codebase.facts.reading import command_rows, mounts

SYMFONY = """\
<?php
namespace App\\Command;
use Symfony\\Component\\Console\\Command\\Command;
use Symfony\\Component\\Console\\Input\\InputArgument;
use Symfony\\Component\\Console\\Input\\InputOption;
#[AsCommand(
    name: self::NAME,
    description: 'Creates ' . 'a user.',
    hidden: false,
)]
final class CreateUser extends Command
{
    public const NAME = 'app:create';
    public function __construct() { parent::__construct(); }
    protected function configure(): void
    {
        $this
            ->setHelp('x')
            ->setDefinition([
                new InputArgument('name', InputArgument::REQUIRED, 'The name'),
                new InputOption('force', 'f', InputOption::VALUE_NONE, 'Force it'),
                new InputOption('lang', null, InputOption::VALUE_REQUIRED, 'Lang', 'en'),
            ])
            ->addOption('zip', shortcut: 'z|zz', mode: InputOption::VALUE_OPTIONAL | InputOption::VALUE_IS_ARRAY, description: 'Zip', default: null);
    }
}
class Old extends Command {
    protected static $defaultName = 'old:cmd';
    protected static $defaultDescription = 'Old one.';
}
class Setter extends Command {
    protected function configure() { $this->setName('set:it')->setDescription("Sets")->addArgument('x'); $this->addArgument('y', InputArgument::IS_ARRAY); }
}
#[AsCommand('inv:oke', 'Invokes')]
class Inv { public function __invoke(#[Argument('The name')] string $name, #[Option(description: 'n', shortcut: 's')] bool $all = false, SymfonyStyle $io): int {} }
class Other { function x() { $this->setName('n'); $menu->addOption('a', 'b'); } }
"""
ARTISAN = """\
<?php
namespace App\\Console\\Commands;
use Illuminate\\Console\\Command;
class Send extends Command {
    /**
     * @var string
     */
    protected $signature = 'mail:send
        {user : The ID of the user}
        {--Q|queue=default : Whether the job; should be queued}
        {--all}
        {ids?*} {name=foo}
        {--id=* : Many}';
    protected $description = 'Send e-mails';
}
class Make extends GeneratorCommand {
    protected $name = 'make:model';
    protected $description = 'Create a model';
    protected function getOptions() {
        return [
            ['all', 'a', InputOption::VALUE_NONE, 'Generate all'],
            ['force', null, InputOption::VALUE_NONE, 'Create it'],
        ];
    }
    protected function getArguments() { return [['name', InputArgument::REQUIRED, 'The name']]; }
}
Artisan::command('inspire {who}', function () { $this->comment('x'); })->purpose('Display a quote')->hourly();
class Model { protected $signature = 'x {y}'; protected $name = 'x:y'; }
"""
THOR = """\
class Kamal::Cli::Main < Kamal::Cli::Base
  desc "setup", "Setup all accessories, push the env, and deploy app to servers"
  option :skip_push, aliases: "-P", type: :boolean, default: false, desc: "Skip image build and push"
  option :version,
    desc: "Run commands against " \\
          "a specific version"
  def setup
    invoke_options = deploy_options
  end

  desc "app", "Manage application"
  subcommand "app", Kamal::Cli::App

  private
    def helper; option :x; end
end
module Foo
  class CLI < Thor
    desc "deploy [STAGE]", <<~TXT
      x
    TXT
    method_option "env", :type => :string, :aliases => ["-e", "--environment"], :required => true
    def deploy(stage = nil)
    end
    argument :file, type: :string, desc: "the file"
    desc 'hidden', 'x', hide: true
    def hidden; end
  end
end
namespace :x do
  desc "rake task"
  task :y do end
end
class Api < Grape::API
  desc 'Return a status.'
  def self.x; end
end
"""

CASES: dict[str, tuple[str, list[tuple[str, ...]], list[tuple[str, str]]]] = {
    "php Symfony": (
        SYMFONY,
        [
            ("Symfony Console", "app:create", "CreateUser", "", "", "Creates a user."),
            ("Symfony Console", "<name>", "CreateUser", "", "", "The name", "argument", "required"),
            ("Symfony Console", "--force, -f", "CreateUser", "flag", "", "Force it"),
            ("Symfony Console", "--lang", "CreateUser", "", "en", "Lang"),
            ("Symfony Console", "--zip, -z, -zz", "CreateUser", "", "null", "Zip"),
            ("Symfony Console", "old:cmd", "Old", "", "", "Old one."),
            ("Symfony Console", "set:it", "Setter", "", "", "Sets"),
            ("Symfony Console", "<x>", "Setter", "", "", "", "argument"),
            ("Symfony Console", "<y>", "Setter", "", "", "", "argument"),
            ("Symfony Console", "inv:oke", "Inv", "", "", "Invokes"),
            ("Symfony Console", "<name>", "Inv", "string", "", "The name", "argument"),
            ("Symfony Console", "--all, -s", "Inv", "bool", "false", "n"),
        ],
        [],
    ),
    "php Artisan": (
        ARTISAN,
        [
            ("Artisan", "mail:send", "Send", "", "", "Send e-mails"),
            ("Artisan", "<user>", "Send", "", "", "The ID of the user", "argument", "required"),
            ("Artisan", "--queue, -Q", "Send", "", "default", "Whether the job; should be queued"),
            ("Artisan", "--all", "Send", "flag", "", ""),
            ("Artisan", "<ids>", "Send", "", "", "", "argument"),
            ("Artisan", "<name>", "Send", "", "foo", "", "argument"),
            ("Artisan", "--id", "Send", "", "", "Many"),
            ("Artisan", "make:model", "Make", "", "", "Create a model"),
            ("Artisan", "--all, -a", "Make", "flag", "", "Generate all"),
            ("Artisan", "--force", "Make", "flag", "", "Create it"),
            ("Artisan", "<name>", "Make", "", "", "The name", "argument", "required"),
            ("Artisan", "inspire", "inspire", "", "", "Display a quote"),
            ("Artisan", "<who>", "inspire", "", "", "", "argument", "required"),
        ],
        [],
    ),
    "ruby Thor": (
        THOR,
        [
            (
                "Thor",
                "setup",
                "Kamal.Cli.Main.setup",
                "",
                "",
                "Setup all accessories, push the env, and deploy app to servers",
            ),
            ("Thor", "--skip-push, -P", "Kamal.Cli.Main.setup", "boolean", "false", "Skip image build and push"),
            ("Thor", "--version", "Kamal.Cli.Main.setup", "", "", "Run commands against a specific version"),
            ("Thor", "app", "Kamal.Cli.Main.app", "", "", "Manage application"),
            ("Thor", "deploy [STAGE]", "Foo.CLI.deploy", "", "", ""),
            ("Thor", "--env, -e, --environment", "Foo.CLI.deploy", "string", "", "", "required"),
            ("Thor", "FILE", "Foo.CLI", "string", "", "the file", "argument"),
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
