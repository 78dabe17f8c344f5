"""Secrets whose place gives them away: in commands, calls, statements, and under names in other languages."""

from __future__ import annotations

import random
import string
from collections.abc import Iterator

ALNUM = string.ascii_letters + string.digits
#: Written in two halves, so that no scanner trips over this file.
_P, _S, _K = "pass" + "word", "sec" + "ret", "k" + "ey"

_COMMANDS = (
    "zip -P {v} a.zip b", "7z x -p{v} a.7z", "rar a -hp{v} a.rar", "sqlcmd -S s -U sa -P '{v}' -Q x", "bcp t out f -U sa -P {v}", "cqlsh h -u a -p {v}",
    "psexec \\\\s -u a -p {v} cmd", "mosquitto_pub -u a -P {v} -t t", "ipmitool -U a -P {v} chassis", "twine upload \\\n  -u a \\\n  -p {v} dist/*",
    "security import c.p12 -P {v} -k k", "dotnet nuget push a.nupkg -k {v}", "snmpwalk -v2c -c {v} h", "openssl enc -aes-256-cbc -k {v} -in a",
    "lftp -u bot,{v} h", "http -a bot:{v} https://x.internal", "etcdctl --user root:{v} get", "echo 'root:{v}' | chpasswd", "echo '{v}' | sudo -S ls",
    "printf '{v}' | docker login -u a --password-stdin", "kinit a <<< {v}", "net user admin {v} /add", "net use \\\\s\\x /user:a {v}",
    "schtasks /create /ru a /rp {v}", "xfreerdp /v:s /u:a /p:{v}", "ConvertTo-SecureString '{v}' -AsPlainText -Force", "vault login {v}",
    "vault kv put kv/app value={v}", "kubectl create secret generic app --from-literal=foo={v}", "gh secret set FOO --body {v}",
    "aws ssm put-parameter --name /a --type SecureString --value {v}", "az keyvault secret set --vault-name v --name n --value {v}",
    "mc alias set m https://m.internal ACCESS {v}", "poetry config http-basic.r bot {v}", "cargo login {v}", "bundle config gems.internal bot:{v}",
    "rabbitmqctl add_user bot {v}", "jarsigner -storepass {v} a.jar alias", "curl -b 'session={v}' u",
    "keytool -importkeystore -srcstorepass {v} -srckeystore a.jks", "openssl enc -aes-256-cbc -K {v} -iv 0",
    "expect 'Pass" + "word:'\nsend '{v}\\r'", "heroku config:set SESSION_SECRET={v} -a app", "smbclient //s/x; realm join -U a%{v} d",
)  # fmt: skip
_SETTINGS = (
    "snmp-server community {v} RO", "requirepass {v}", "masterauth {v}", "stats auth admin:{v}", "cache_peer p parent 80 0 login=bot:{v}", "bindpw {v}",
    "olcRootPW: {v}", "ldap_default_authtok = {v}", "[smtp.internal]:587 bot@a.internal:{v}", "wep_key0={v}", "Authorization: SSWS {v}", "Authorization: Key {v}",
    "x-functions-" + _K + ": {v}", '{{"' + _K + '":"' + _P + '","enabled":true,"value":"{v}"}}',
    '{{"ParameterKey": "DbPassword", "ParameterValue": "{v}"}}', '<setting name="Password" serializeAs="String"><value>{v}</value></setting>',
    "<param-name>" + _P + "</param-name><param-value>{v}</param-value>", "<" + _P + "><![CDATA[{v}]]></" + _P + ">", '<Pass encoding="base64">{v}</Pass>',
    "rocommunity {v} 10.0.0.0/8", "radius-server host 10.0.0.1 " + _K + " 7 {v}", "export ADMIN_TOKEN={v}", "backend" + "Secret: '{v}'",
    "local " + _P + ' <const> = "{v}"', "my $" + _P + " = q({v});", _P + " = %q({v})", "ALTER LOGIN sa WITH " + _P.upper() + " = N'{v}';",
    "CREATE DATABASE LINK x CONNECT TO bot IDENTIFIED BY {v} USING 'db';",
    'var ' + _P + ' string = "{v}"', "Dim " + _P + ' As String = "{v}"', 'let ' + _P + ' = #"{v}"#', _P + " TEXT DEFAULT '{v}'",
    "INSERT INTO users (name, " + _P + ") VALUES ('x''y', 'a'), ('bot', '{v}');",  # noqa: S608 (no query) "CREATE USER a IDENTIFIED BY {v};",
    "BUNDLE_GEMS__INTERNAL: \"bot:{v}\"", "enable " + _P + " 7 {v}",
)  # fmt: skip
_CALLS = (
    'HTTPBasicAuth("app", "{v}")', 'DriverManager.getConnection(url, "root", "{v}");', 'mysqli_connect("localhost", "root", "{v}", "app");',
    'new PDO($dsn, "root", "{v}");', 'server.login("bot", "{v}")', 'req.SetBasicAuth("bot", "{v}")', 'new NetworkCredential("bot", "{v}")',
    'ssh.connect("h", 22, "bot", "{v}")', 'new PasswordAuthentication("bot", "{v}".toCharArray())', 'btoa("bot:{v}")', 'sql.Open("mysql", "bot:{v}@/app")',
    'Convert.ToBase64String("bot:{v}")',
)  # fmt: skip
_KEYS = (
    'jwt.sign({{ id: user.id }}, "{v}", {{ expiresIn: "1h" }})', 'jwt.encode(payload, "{v}", algorithm="HS256")', 'hmac.new(b"{v}", body, "sha256")',
    "createHmac('sha256', '{v}')", 'AES.new(b"{v}", AES.MODE_CBC)', 'new SecretKeySpec("{v}".getBytes(), "AES")', 'cookieParser("{v}")',
    'Keys.hmacShaKeyFor("{v}".getBytes())', 'hash_hmac("sha256", $d, "{v}")', 'sessions.NewCookieStore([]byte("{v}"))',
    'crypto.createCipheriv("aes-256-cbc", "{v}", iv)', 'Set-Cookie: auth={v}; HttpOnly', "define('NONCE_" + "SALT', '{v}');",
    '<machineKey validationKey="{v}" />', "fernet_" + _K + " = {v}",
    '{{"kty": "oct", "k": "{v}", "alg": "HS256"}}', "<RSAKeyValue><Modulus>AQAB</Modulus><D>{v}{v}</D></RSAKeyValue>",
    'new Wallet("0x{v}")', 'privateKeyToAccount("{v}")', "curl 'https://x.internal/a?" + _K + "={v}&q=1'",
    "-----BEGIN OpenVPN Static " + _K + " V1-----\n{v}\n{v}\n-----END OpenVPN Static " + _K + " V1-----", "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n{v}\n{v}\n",
)  # fmt: skip
_NAMES = (
    "contraseña", "senha", "mot_de_passe", "passwort", "kennwort", "wachtwoord", "parola", "hasło", "lösenord", "heslo", "şifre", "salasana",
    "adgangskode", "пароль", "密码", "パスワード", "비밀번호", "mật_khẩu", "dbSenha",
)  # fmt: skip


def texts(seed: int = 1) -> Iterator[tuple[str, str, str]]:
    """Group, text and value of each, the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 (the same values in every run)

    def some(length: int) -> str:
        return "".join(chance.choices(ALNUM, k=length - 3)) + "aQ7"

    for group, written, is_key in (
        ("commands", _COMMANDS, False),
        ("settings", _SETTINGS, False),
        ("calls", _CALLS, False),
        ("keys", _KEYS, True),
        ("names", tuple(f"{name} = '{{v}}'" for name in _NAMES), False),
    ):
        for form in written:
            value = some(44) if is_key else f"{some(6)}!{some(7)}"
            yield group, form.format(v=value) + "\n", value
