"""Names that a language keeps for its own library: an import of one never leads to a file of the repository. Pure."""

from __future__ import annotations

import re
import sys
from typing import Final

PYTHON: Final = sys.stdlib_module_names
LUA: Final = frozenset(
    {"string", "table", "math", "io", "os", "coroutine", "debug", "package", "utf8", "bit", "jit", "ffi"}
)
NODE: Final = frozenset(
    [
        "assert", "async_hooks", "buffer", "child_process", "cluster", "console", "constants", "crypto",
        "dgram", "dns", "domain", "events", "fs", "http", "http2", "https", "inspector", "module", "net", "os",
        "path", "perf_hooks", "process", "punycode", "querystring", "readline", "repl", "stream",
        "string_decoder", "timers", "tls", "trace_events", "tty", "url", "util", "v8", "vm", "wasi",
        "worker_threads", "zlib",
    ]
)  # fmt: skip
RUBY: Final = frozenset(
    [
        "English", "abbrev", "base64", "benchmark", "bigdecimal", "bundler", "cgi", "coverage", "csv", "date",
        "delegate", "digest", "drb", "erb", "etc", "fcntl", "fiddle", "fileutils", "find", "forwardable", "getoptlong",
        "io", "ipaddr", "irb", "json", "logger", "matrix", "minitest", "monitor", "mutex_m", "net", "objspace",
        "observer", "open-uri", "open3", "openssl", "optparse", "ostruct", "pathname", "pp", "prettyprint", "prime",
        "pstore", "psych", "pty", "racc", "rbconfig", "readline", "reline", "resolv", "rexml", "rinda", "ripper",
        "rubygems", "securerandom", "set", "shellwords", "singleton", "socket", "stringio", "strscan", "syslog",
        "tempfile", "test", "time", "timeout", "tmpdir", "tsort", "un", "uri", "weakref", "webrick", "yaml", "zlib",
    ]
)  # fmt: skip
#: Headers of C and of POSIX, without their endings.
_C: Final = frozenset(
    [
        "assert", "complex", "ctype", "errno", "fenv", "float", "inttypes", "iso646", "limits", "locale", "math",
        "setjmp", "signal", "stdalign", "stdarg", "stdatomic", "stdbool", "stddef", "stdint", "stdio", "stdlib",
        "stdnoreturn", "string", "strings", "tgmath", "threads", "time", "uchar", "wchar", "wctype",
        "dirent", "dlfcn", "fcntl", "fnmatch", "getopt", "glob", "grp", "iconv", "langinfo", "libgen", "malloc",
        "netdb", "poll", "pthread", "pwd", "regex", "sched", "semaphore", "syslog", "termios", "unistd", "utime",
        "windows", "wordexp",
    ]
)  # fmt: skip
_C_FOLDERS: Final = ("sys/", "bits/", "netinet/", "arpa/", "linux/", "asm/")


def is_c_header(name: str) -> bool:
    """Whether an included header is of C, C++ or POSIX; C++'s have no ending: `vector`."""
    return name.removesuffix(".h") in _C or re.fullmatch(r"[a-z_0-9]+", name) is not None


def is_system_header(name: str) -> bool:
    """The same, and what lies in the folders of an operating system."""
    return is_c_header(name) or name.startswith(_C_FOLDERS)
