"""The extractive model as security reviewer: what each rule means, written once by hand."""

from __future__ import annotations

from agents.contracts.review import ReviewBrief, ReviewReply, Severity
from agents.models.extractive.judgement import Judgement, judge

CRITICAL, HIGH, MEDIUM, LOW = Severity

JUDGEMENTS = {
    "archive-extraction": Judgement(
        MEDIUM,
        "Archive members may leave the folder",
        "extracts a tar archive without a filter: a member named with `..` or an absolute path is written outside the "
        "target folder (CWE-22).",
        'Pass filter="data" to extractall, or check every member\'s path first.',
    ),
    "broad-permissions": Judgement(
        MEDIUM,
        "Workflow token may write everything",
        "gives the workflow's token write access to every scope: any step, also a third-party action, can push code "
        "(CWE-250).",
        "Set `permissions: contents: read` and widen single jobs only where they need it.",
    ),
    "code-execution": Judgement(
        HIGH,
        "Text is executed as code",
        "executes a value that is not written out in the source: whoever controls that value runs code in this "
        "process (CWE-95).",
        "Replace it by a lookup of allowed operations, or by a parser for data such as ast.literal_eval or JSON.",
    ),
    "debug-enabled": Judgement(
        MEDIUM,
        "Debug mode is switched on",
        "switches debug mode on: error pages then show source, settings and, in some frameworks, a console (CWE-489).",
        "Read the switch from the environment, with off as its default.",
    ),
    "docker-socket": Judgement(
        HIGH,
        "Container gets the Docker socket",
        "mounts the Docker socket: code in the container can start other containers as root on the host (CWE-250).",
        "Remove the mount, or put a socket proxy with an allow-list in between.",
    ),
    "floating-base-image": Judgement(
        LOW,
        "Base image is not pinned",
        "builds on an image without a fixed version: the next build may hold other software than the tested one "
        "(CWE-1357).",
        "Name a version and its digest: `image:1.2.3@sha256:…`.",
    ),
    "model-order": Judgement(
        MEDIUM,
        "Text gives orders to language models",
        "tells language models what to do: an assistant that reads this file may obey it instead of its user "
        "(CWE-1427). Its words are not repeated here.",
        "Remove the text, or move it out of what assistants and documentation tools read.",
    ),
    "format-string": Judgement(
        MEDIUM,
        "Variable used as format string",
        "passes a variable as the format: `%n` or `%s` inside it reads or writes memory (CWE-134).",
        'Write printf("%s", value) instead.',
    ),
    "html-injection": Judgement(
        MEDIUM,
        "Text becomes HTML without escaping",
        "puts a value that varies into a page as markup: text from a user would run as script in another user's "
        "browser (CWE-79).",
        "Set text rather than markup (textContent, autoescaping), or clean the value with a sanitiser first.",
    ),
    "open-bind": Judgement(
        LOW,
        "Service listens on every interface",
        "binds to 0.0.0.0, so that every network the machine is on can reach the service (CWE-605).",
        "Bind to 127.0.0.1 by default and take the address from a setting.",
    ),
    "open-redirect": Judgement(
        MEDIUM,
        "Redirect target comes from the request",
        "redirects to an address taken from the request: a link to this site can lead to any other (CWE-601).",
        "Accept only relative paths, or look the target up in a list.",
    ),
    "path-from-request": Judgement(
        HIGH,
        "File path comes from the request",
        "builds a file path from the request: `../` in it reaches files outside the folder meant (CWE-22).",
        "Resolve the path and check that it still lies under the allowed folder before using it.",
    ),
    "permissive-cors": Judgement(
        MEDIUM,
        "Any origin may read responses",
        "allows every origin: any site can read this service's responses in a visitor's browser (CWE-942).",
        "List the origins that need access.",
    ),
    "pipe-to-shell": Judgement(
        MEDIUM,
        "Download is run unseen",
        "pipes a download into a shell: whoever controls the server or the connection runs commands here (CWE-494).",
        "Download a fixed version to a file, check its checksum, then run it.",
    ),
    "privileged-container": Judgement(
        HIGH,
        "Container runs privileged",
        "runs a container with all of the host's privileges: breaking into it is breaking into the host (CWE-250).",
        "Drop `privileged` and add only the capabilities that are needed.",
    ),
    "remote-add": Judgement(
        LOW,
        "ADD fetches from the network",
        "adds a file from the network to the image without checking its content (CWE-494).",
        "Use ADD --checksum, or fetch and verify it in a RUN step.",
    ),
    "request-forgery": Judgement(
        HIGH,
        "Server fetches an address from the request",
        "requests an address that the caller supplies: it can point at internal services or cloud metadata (CWE-918).",
        "Look the host up in a list of allowed ones before the call.",
    ),
    "root-container": Judgement(
        LOW,
        "Container runs as root",
        "leaves the container's last stage running as root: a flaw in the process gives control of the whole "
        "container (CWE-250).",
        "Create a user in the image and end the last stage with USER.",
    ),
    "secret-assignment": Judgement(
        HIGH,
        "Value looks like a written-out secret",
        "assigns a random-looking value to a name that says it is a secret; everyone who can read the repository has "
        "it (CWE-798).",
        "Read it from the environment or a secret store, and replace the value that was committed.",
    ),
    "secret-cloud-key": Judgement(
        CRITICAL,
        "Cloud provider key in the source",
        "holds a key in the form a cloud provider issues; everyone who can read the repository can use it (CWE-798).",
        "Revoke the key now, then read its successor from the environment or a role.",
    ),
    "secret-connection-string": Judgement(
        HIGH,
        "Connection string with a password",
        "holds an address with user and password written out (CWE-798).",
        "Take the password out of the address, read it from the environment, and change it.",
    ),
    "secret-private-key": Judgement(
        CRITICAL,
        "Private key in the source",
        "holds a private key; whatever trusts it trusts every reader of the repository (CWE-321).",
        "Revoke the key and its certificates, and keep its successor in a secret store.",
    ),
    "secret-token": Judgement(
        CRITICAL,
        "Service token in the source",
        "holds a token in the form its service issues; everyone who can read the repository can use it (CWE-798).",
        "Revoke the token now, then read its successor from the environment or a secret store.",
    ),
    "shell-command": Judgement(
        MEDIUM,
        "Variable is run by a shell",
        "hands a variable to a shell: `;` or `$(…)` inside it starts further commands (CWE-78).",
        "Pass the program and its arguments as a list, without a shell.",
    ),
    "shell-injection": Judgement(
        HIGH,
        "Shell command built from parts",
        "builds a shell command out of values: `;` or `$(…)` in one of them starts further commands (CWE-78).",
        "Pass the program and its arguments as a list, without a shell.",
    ),
    "sql-injection": Judgement(
        HIGH,
        "SQL statement built from parts",
        "puts values into the text of an SQL statement: a quote in one of them changes the statement (CWE-89).",
        "Use placeholders and pass the values as parameters; names of tables or columns come from a list.",
    ),
    "template-injection": Judgement(
        HIGH,
        "Template built from values",
        "renders a template that is put together from values: `{{…}}` in one of them is evaluated (CWE-1336).",
        "Keep the template fixed and pass the values as its variables.",
    ),
    "temporary-file": Judgement(
        LOW,
        "Temporary name can be guessed",
        "asks for a temporary name without creating the file: another process can create it first (CWE-377).",
        "Use a call that creates the file as well: tempfile.mkstemp, NamedTemporaryFile or mkstemp.",
    ),
    "tls-verification-off": Judgement(
        HIGH,
        "Server certificate is not checked",
        "switches certificate or host name checks off: anyone on the way can answer in the server's place (CWE-295).",
        "Leave the check on; for a private authority, pass its certificate.",
    ),
    "token-unverified": Judgement(
        HIGH,
        "Token is read without its signature",
        "accepts a token without checking its signature: anyone can write one (CWE-347).",
        "Verify with a key and a fixed list of algorithms.",
    ),
    "unbounded-copy": Judgement(
        MEDIUM,
        "Copy without a length",
        "copies text into a buffer without a limit: longer text overwrites what lies behind it (CWE-120).",
        "Use a call that takes the buffer's size: snprintf, strlcpy, fgets.",
    ),
    "unpinned-action": Judgement(
        LOW,
        "Third-party action by a movable name",
        "uses a third-party action by tag or branch: whoever controls its repository can change what runs (CWE-829).",
        "Name the commit's full hash and keep the tag as a comment.",
    ),
    "unsafe-block": Judgement(
        LOW,
        "Unsafe block without its reason",
        "switches the compiler's memory checks off, and no SAFETY comment says why that holds.",
        "Write down which invariant makes it sound, or use a safe call.",
    ),
    "unsafe-deserialisation": Judgement(
        HIGH,
        "Deserialisation that can run code",
        "reads data in a form that can create any object: crafted data runs code while it is read (CWE-502).",
        "Use a format of plain data such as JSON, or the safe loader; sign data that must keep this form.",
    ),
    "untrusted-checkout": Judgement(
        CRITICAL,
        "Stranger's code checked out with secrets",
        "checks out a pull request's head under pull_request_target: code from a fork runs with the repository's "
        "secrets (CWE-829).",
        "Use the pull_request event, or keep the checkout apart from every step that has secrets.",
    ),
    "weak-cipher": Judgement(
        HIGH,
        "Broken cipher or mode",
        "uses a cipher or mode that no longer protects: DES and RC4 can be broken, ECB shows equal blocks (CWE-327).",
        "Use AES-GCM or ChaCha20-Poly1305.",
    ),
    "weak-hash": Judgement(
        LOW,
        "MD5 or SHA-1 is used",
        "hashes with MD5 or SHA-1, for which colliding inputs can be made; unfit for passwords, signatures or "
        "tokens (CWE-328).",
        "Use SHA-256 (for passwords argon2 or scrypt); plain checksums pass usedforsecurity=False.",
    ),
    "weak-random": Judgement(
        MEDIUM,
        "Secret from a predictable generator",
        "makes something named like a secret with a generator whose output can be predicted (CWE-338).",
        "Use the secrets module, crypto.randomBytes or the platform's secure generator.",
    ),
    "workflow-injection": Judgement(
        HIGH,
        "Event text in a workflow command",
        "puts text that a stranger writes into a shell command: a title with `$(…)` runs on the runner (CWE-78).",
        "Pass it through `env:` and quote the variable in the command.",
    ),
    "world-writable": Judgement(
        MEDIUM,
        "Everyone may write the file",
        "lets every user of the machine write (CWE-732).",
        "Give write access to the owner only: 0o644, or 0o700 for folders.",
    ),
    "xml-entities": Judgement(
        MEDIUM,
        "XML entities are resolved",
        "resolves entities: a document can make the parser read local files (CWE-611).",
        "Leave resolve_entities off, or use defusedxml.",
    ),
}


def respond(brief: ReviewBrief) -> ReviewReply:
    """Judge every piece of evidence by its rule."""
    return judge(brief, JUDGEMENTS)
