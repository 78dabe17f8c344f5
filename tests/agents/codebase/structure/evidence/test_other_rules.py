"""Every rule of the other languages holds where it should, and nowhere near it."""

from __future__ import annotations

import pytest

from agents.codebase.structure.evidence import compiled, javascript, scripting
from tests.agents.codebase.structure.evidence.reading import rules

CP = "const { exec, execSync, spawn } = require('child_process');\n"
JAVA = "class A { void f() { %s } }"
CS = "class A { async Task F() { %s } }"
GO = "package a\nfunc f() { %s }"
C = "void f() { %s }"

CASES = {
    "javascript": {
        "code-execution": ("new Function(body)()", "setTimeout(() => run(), 5); eval('1')"),
        "shell-injection": (CP + "exec(`ls ${name}`)", CP + "exec('ls'); re.exec(`a${b}`)"),
        "shell-command": ("import cp from 'node:child_process';\ncp.exec(command)", "pattern.exec(command)"),
        "unsafe-deserialisation": (
            "const s = require('node-serialize'); s.unserialize(x)",
            "const s = require('mine'); s.unserialize(x)",
        ),
        "sql-injection": ("db.query(`SELECT * FROM t WHERE a = ${x}`)", "db.query('SELECT * FROM t WHERE a = ?', [x])"),
        "html-injection": (
            "el.innerHTML = text",
            "el.innerHTML = '<br>'; el.textContent = text; el.innerHTML = DOMPurify.sanitize(t)",
        ),
        "path-from-request": ("res.sendFile(req.query.name)", "res.sendFile(name)"),
        "request-forgery": ("fetch(req.query.url)", "fetch(url)"),
        "open-redirect": ("res.redirect(req.query.next)", "res.redirect('/')"),
        "weak-hash": (
            "const crypto = require('crypto'); crypto.createHash('md5').update(password)",
            "const c = require('crypto'); c.createHash('md5').update(page);\n c.createHash('sha256').update(key)",
        ),
        "weak-cipher": (
            "import { createCipheriv } from 'crypto'; createCipheriv('aes-128-ecb', k, null)",
            "import { createCipheriv } from 'crypto'; createCipheriv('aes-256-gcm', k, iv)",
        ),
        "weak-random": ("const token = Math.random().toString(36)", "const x = Math.random() * 10"),
        "tls-verification-off": ("request({ rejectUnauthorized: false })", "request({ rejectUnauthorized: true })"),
        "permissive-cors": ("app.use(cors({ origin: '*' }))", "app.use(cors({ origin: 'https://a.b' }))"),
        "token-unverified": (
            "const jwt = require('jsonwebtoken'); jwt.verify(t, k, { algorithms: ['none'] })",
            "const jwt = require('jsonwebtoken'); jwt.verify(t, k)",
        ),
        "open-bind": ("app.listen(80, '0.0.0.0')", "app.listen(80)"),
        "http-call-in-loop": (
            "for (const x of xs) { await fetch(x) }",
            "await fetch(x); for (const y of await fetch(x)) {}",
        ),
        "query-in-loop": ("for (const x of xs) { await User.findOne({ x }) }", "await User.findOne({ x })"),
        "blocking-in-async": (
            "const fs = require('fs'); async function f() { fs.readFileSync(p) }",
            "const fs = require('fs'); function f() { fs.readFileSync(p) }",
        ),
        "process-in-loop": (CP + "for (const x of xs) { execSync('ls') }", CP + "execSync('ls')"),
        "regex-in-loop": ("for (const x of xs) { new RegExp('a+') }", "for (const x of xs) { new RegExp(x) }"),
        "copy-growth": ("xs.reduce((acc, x) => [...acc, x], [])", "xs.reduce((acc, x) => acc + x, 0)"),
        "copy-in-loop": (
            "for (const x of xs) { JSON.parse(JSON.stringify(y)) }",
            "for (const x of xs) { JSON.parse(x) }",
        ),
        "front-of-list": ("for (const x of xs) { out.unshift(x) }", "out.unshift(x)"),
    },
    "go": {
        "shell-injection": (GO % 'exec.Command("sh", "-c", x)', GO % 'exec.Command("ls", x)'),
        "sql-injection": (
            GO % 'db.QueryContext(ctx, "SELECT a FROM b WHERE c=" + x)',
            GO % 'db.Query("SELECT a FROM b WHERE c=?", x)',
        ),
        "weak-hash": (GO % "h := md5.New(); h.Write(password)", GO % "h := md5.New(); h.Write(page)"),
        "weak-cipher": (GO % "des.NewCipher(k)", GO % "aes.NewCipher(k)"),
        "tls-verification-off": (
            GO % "c := tls.Config{InsecureSkipVerify: true}",
            GO % "c := tls.Config{InsecureSkipVerify: false}",
        ),
        "html-injection": (GO % "template.HTML(x)", GO % 'template.HTML("<br>")'),
        "path-from-request": (GO % 'os.Open(r.FormValue("n"))', GO % "os.Open(n)"),
        "world-writable": (GO % "os.MkdirAll(p, 0777)", GO % "os.MkdirAll(p, 0755)"),
        "query-in-loop": (GO % "for _, x := range xs { db.Query(q, x) }", GO % "db.Query(q, x)"),
        "http-call-in-loop": (GO % "for _, x := range xs { http.Get(x) }", GO % "http.Get(x)"),
        "regex-in-loop": (GO % 'for { regexp.MustCompile("a") }', GO % 'regexp.MustCompile("a")'),
        "string-growth": (GO % 'for _, x := range xs { s += "a" + x }', GO % "for _, x := range xs { s += x.n }"),
        "defer-in-loop": (
            GO % "for _, x := range xs { defer x.Close() }",
            GO % "for range xs { func() { defer x.Close() }() }",
        ),
    },
    "java": {
        "shell-injection": (
            JAVA % 'Runtime.getRuntime().exec("sh -c " + x);',
            JAVA % 'Runtime.getRuntime().exec("ls " + x);',
        ),
        "shell-command": (
            JAVA % 'Runtime.getRuntime().exec(new String[] {"sh", "-c", x});',
            JAVA % "Runtime.getRuntime().exec(x);",
        ),
        "unsafe-deserialisation": (JAVA % "new ObjectInputStream(in);", JAVA % "new FileInputStream(in);"),
        "sql-injection": (
            JAVA % 's.executeQuery("SELECT a FROM b WHERE c=" + x);',
            JAVA % 's.executeQuery("SELECT a FROM b");',
        ),
        "weak-hash": (
            JAVA % 'MessageDigest d = MessageDigest.getInstance("MD5"); d.update(password);',
            JAVA % 'MessageDigest d = MessageDigest.getInstance("MD5"); d.update(page);',
        ),
        "weak-cipher": (
            JAVA % 'Cipher.getInstance("AES/ECB/PKCS5Padding");',
            JAVA % 'Cipher.getInstance("ChaCha20-Poly1305");',
        ),
        "path-from-request": (JAVA % 'new File(request.getParameter("n"));', JAVA % "new File(n);"),
        "tls-verification-off": (
            JAVA % "b.setHostnameVerifier((h, s) -> true);",
            JAVA % "b.setHostnameVerifier(strict);",
        ),
        "query-in-loop": (JAVA % "for (A a : as) { s.executeQuery(q); }", JAVA % "s.executeQuery(q);"),
        "regex-in-loop": (JAVA % 'while (a) { Pattern.compile("a"); }', JAVA % 'Pattern.compile("a");'),
        "string-growth": (JAVA % 'while (a) { s += "a" + x; }', JAVA % "while (a) { s += 1; }"),
    },
    "csharp": {
        "unsafe-deserialisation": (CS % "new BinaryFormatter();", CS % "new JsonFormatter();"),
        "sql-injection": (
            CS % 'new SqlCommand($"SELECT a FROM b WHERE c={x}");',
            CS % 'new SqlCommand("SELECT a FROM b");',
        ),
        "shell-injection": (CS % 'Process.Start("cmd /c " + x);', CS % 'Process.Start("cmd");'),
        "weak-hash": (CS % "MD5.HashData(password);", CS % "MD5.HashData(page);"),
        "weak-cipher": (CS % "aes.Mode = CipherMode.ECB;", CS % "aes.Mode = CipherMode.CBC;"),
        "tls-verification-off": (
            CS % "h.ServerCertificateCustomValidationCallback = (a, b, c, d) => true;",
            CS % "h.ServerCertificateCustomValidationCallback = Check;",
        ),
        "unsafe-block": (CS % "unsafe { x(); }", CS % "\n/* x is pinned */\nunsafe { x(); }"),
        "query-in-loop": (CS % "foreach (var a in b) { c.ExecuteReader(); }", CS % "c.ExecuteReader();"),
        "regex-in-loop": (CS % 'while (a) { new Regex("a"); }', CS % 'new Regex("a");'),
        "string-growth": (CS % 'while (a) { s += "a" + x; }', CS % "while (a) { s += 1; }"),
        "blocking-in-async": (CS % "Thread.Sleep(5);", "class A { void F() { Thread.Sleep(5); } }"),
    },
    "php": {
        "code-execution": ("<?php eval($x);", "<?php eval('1;');"),
        "shell-injection": ('<?php exec("ls $x");', '<?php exec("ls " . escapeshellarg($x));'),
        "shell-command": ("<?php shell_exec($x);", "<?php $db->exec($x);"),
        "unsafe-deserialisation": ("<?php unserialize($x);", "<?php unserialize($x, ['allowed_classes' => false]);"),
        "sql-injection": ('<?php $db->query("SELECT a FROM b WHERE c = $x");', '<?php $db->query("SELECT a FROM b");'),
        "html-injection": ("<?php echo $_GET['a'];", "<?php echo htmlspecialchars($_GET['a']);"),
        "path-from-request": ("<?php include $_GET['page'];", "<?php include 'page.php';"),
        "open-redirect": ("<?php header('Location: ' . $_GET['next']);", "<?php header('Location: /');"),
        "weak-hash": ("<?php $h = md5($password);", "<?php $h = md5($file);"),
        "weak-random": ("<?php $token = mt_rand();", "<?php $colour = mt_rand();"),
        "tls-verification-off": (
            "<?php curl_setopt($c, CURLOPT_SSL_VERIFYPEER, false);",
            "<?php curl_setopt($c, CURLOPT_URL, $u);",
        ),
        "query-in-loop": ("<?php foreach ($a as $b) { $pdo->query($q); }", "<?php $pdo->query($q);"),
        "http-call-in-loop": ("<?php foreach ($a as $b) { curl_exec($c); }", "<?php curl_exec($c);"),
    },
    "ruby": {
        "code-execution": ("eval(x)", "eval('1')"),
        "shell-injection": ('system("ls #{x}")', "system('ls', x)"),
        "unsafe-deserialisation": ("Marshal.load(x)", "JSON.load(x)"),
        "sql-injection": ('User.where("a = #{x}")', "User.where(a: x)"),
        "html-injection": ("params[:a].html_safe", "'<br>'.html_safe"),
        "open-redirect": ("redirect_to(params[:next])", "redirect_to(root_path)"),
        "weak-hash": (
            "Digest::MD5.hexdigest(password)",
            "Digest::MD5.hexdigest(page)\nDigest::SHA256.hexdigest(password)",
        ),
        "tls-verification-off": (
            "http.verify_mode = OpenSSL::SSL::VERIFY_NONE",
            "http.verify_mode = OpenSSL::SSL::VERIFY_PEER",
        ),
        "weak-random": ("token = rand(10)", "colour = rand(10)"),
        "query-in-loop": ("while a\n User.find_by(id: 1)\nend", "User.find_by(id: 1)"),
        "regex-in-loop": ("while a\n Regexp.new('a')\nend", "Regexp.new('a')"),
    },
    "rust": {
        "unsafe-block": ("fn f() { unsafe { g() } }", "fn f() {\n // SAFETY: g is sound\n unsafe { g() } }"),
        "tls-verification-off": (
            "fn f() { b.danger_accept_invalid_certs(true); }",
            "fn f() { b.danger_accept_invalid_certs(false); }",
        ),
        "weak-hash": (
            "fn f() { let h = Md5::new(); h.update(password); }",
            "fn f() { let h = Md5::new(); h.update(page); }",
        ),
        "regex-in-loop": ('fn f() { loop { Regex::new("a"); } }', 'fn f() { Regex::new("a"); }'),
        "blocking-in-async": ("async fn f() { std::thread::sleep(d); }", "fn f() { std::thread::sleep(d); }"),
    },
    "c": {
        "unbounded-copy": (C % "strcpy(a, b);", C % 'strcpy(a, "b"); strncpy(a, b, 3); sprintf(a, "%d", 1);'),
        "shell-injection": (C % "system(x);", C % 'system("ls");'),
        "format-string": (C % "printf(x);", C % 'printf("%s", x); printf(FORMAT);'),
        "temporary-file": (C % "tmpnam(a);", C % "mkstemp(a);"),
        "weak-hash": (C % "MD5(password, n, b);", C % "MD5(page, n, b);"),
        "length-in-condition": (C % "for (i = 0; i < strlen(s); i++) {}", C % "for (i = 0; i < n; i++) {}"),
    },
    "bash": {
        "pipe-to-shell": ("curl https://a.b/install | sudo bash", "curl https://a.b | grep bash"),
        "code-execution": ('eval "$1"', "eval 'x=1'"),
        "tls-verification-off": ("curl -k https://a.b", "curl -L https://a.b"),
        "world-writable": ("chmod -R 777 /srv", "chmod 755 /srv"),
    },
}
TABLES = {"javascript": javascript.RULES, **compiled.RULES, **scripting.RULES}


@pytest.mark.parametrize(
    ("language", "rule"), sorted({(language, rule.name) for language in CASES for rule in TABLES[language]})
)
def test_should_find_the_shape_and_leave_its_harmless_neighbour(language: str, rule: str) -> None:
    shape, harmless = CASES[language][rule]

    assert rule in rules(language, shape)
    assert rule not in rules(language, harmless)


@pytest.mark.parametrize("language", ["typescript", "tsx"])
def test_should_hold_javascript_rules_in_typescript(language: str) -> None:
    assert rules(language, "import { exec } from 'child_process';\nexec(`ls ${name as string}`)") == {"shell-injection"}


def test_should_find_markup_set_from_a_variable_in_jsx() -> None:
    assert rules("tsx", "const a = <p dangerouslySetInnerHTML={{ __html: text }} />") == {"html-injection"}


def test_should_hold_java_rules_in_kotlin() -> None:
    assert rules("kotlin", 'fun sign() { MessageDigest.getInstance("MD5") }') == {"weak-hash"}
    assert rules("kotlin", 'fun etag() { MessageDigest.getInstance("MD5") }') == set()


def test_should_hold_c_rules_in_cpp() -> None:
    assert rules("cpp", "void f() { for (auto x : xs) { strcpy(a, b); } }") == {"unbounded-copy"}


@pytest.mark.parametrize(
    ("language", "source"),
    [
        ("python", "c.execute('SELECT a FROM {}'.format(t))"),
        ("python", "c.execute('SELECT a FROM %s' % t)"),
        ("go", GO % 'db.Query(fmt.Sprintf("SELECT a FROM %s", t))'),
        ("java", JAVA % 's.executeQuery(String.format("SELECT a FROM %s", t));'),
        ("csharp", CS % 'new SqlCommand(string.Format("SELECT a FROM {0}", t));'),
    ],
)
def test_should_see_a_statement_through_the_languages_own_way_of_formatting(language: str, source: str) -> None:
    assert "sql-injection" in rules(language, source)
