"""Writes the seeds of a fuzz target, from what is committed: seeds.py TARGET FOLDER.

The folder is emptied first. Each seed is named by its SHA-256.
"""

import base64, hashlib, json, pathlib, re, shutil, sys
target, folder = sys.argv[1], pathlib.Path(sys.argv[2])
fixtures = pathlib.Path("fixtures")
pem = [path.read_bytes() for part in ("clean", "keys", "openssl", "rules")
       for path in sorted((fixtures / part).rglob("*.pem"))]
rules = sorted(pathlib.Path("rules").rglob("*.toml"))
faulty = [path for part in ("rules", "profiles", "configs", "baselines")
          for path in sorted((fixtures / f"bad-{part}").glob("*.toml"))]

def certificates():
    for text in pem:
        for body in re.findall(rb"-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END", text):
            try:
                yield base64.b64decode(body, validate=False)
            except ValueError:
                pass

def expressions():
    for path in rules:
        text = path.read_text(encoding="utf-8")
        for key in ("each", "when", "check", "at"):
            for quoted in re.findall(rf"^{key}\s*=\s*'''(.*?)'''", text, re.M | re.S):
                yield quoted.encode()
            for quoted in re.findall(rf"^{key}\s*=\s*'([^'\n]+)'", text, re.M):
                yield quoted.encode()
        for quoted in re.findall(r'^message\s*=\s*"(.*)"', text, re.M):
            yield quoted.encode()

def encrypted_keys():
    for path in [*(fixtures / "containers").glob("*.pem"), *(fixtures / "keys/formats").glob("*encrypted*.pem")]:
        begin, *lines, _ = path.read_text(encoding="ascii").splitlines()
        headers = [line for line in lines if ":" in line]
        body = base64.b64decode("".join(line for line in lines if ":" not in line))
        yield ("\n".join([*headers, "", ""]).encode() if headers else b"") + body

def carriers(form):
    for text in (path.read_text(encoding="ascii") for path in sorted((fixtures / "clean").glob("*.pem"))):
        body = base64.b64encode(text.encode()).decode()
        indented = "".join(f"    {line}\n" for line in text.splitlines())
        escaped = text.strip().replace("\n", "\\n")
        yield from (one.encode() for one in {
            "json": [json.dumps({"result": [{"certificates": text, "private_key": body}]}),
                     json.dumps({"body": json.dumps({"ca": text})}), json.dumps([body])],
            "yaml": [f"kind: Secret\ndata:\n  tls.crt: {body}\n---\nkind: ConfigMap\ndata:\n  ca: |\n{indented}",
                     f'a: "{escaped}"\nb: [{body}]\n'],
            "terraform": [f'resource "a" "b" {{\n  ca = <<EOT\n{text}EOT\n}}\n',
                          f'ca = <<-EOT\n{indented}    EOT\nother = "{escaped}"\n'],
            "environment": [f'export CA="{escaped}"\nB={body}\n', f"CA='{text}'\n"],
        }[form])

seeds = {
    "scanner": lambda: pem,
    "check": lambda: pem,
    "certificate": certificates,
    "rule_file": lambda: [path.read_bytes() for path in rules + faulty],
    "expression": expressions,
    "container": lambda: [path.read_bytes() for path in sorted((fixtures / "containers").glob("*.*"))
                          if path.suffix in (".p12", ".jks", ".jceks")],
    "encrypted_key": encrypted_keys,
    **{form: lambda form=form: carriers(form) for form in ("json", "yaml", "terraform", "environment")},
}[target]()
kept = fixtures / "regressions" / target
seeds = [*seeds, *(path.read_bytes() for path in sorted(kept.glob("*")) if path.is_file())]
shutil.rmtree(folder, ignore_errors=True)
folder.mkdir(parents=True)
for seed in seeds:
    (folder / hashlib.sha256(seed).hexdigest()[:16]).write_bytes(seed)
print(f"{target}: {len(list(folder.iterdir()))} seeds")
