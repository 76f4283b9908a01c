"""Compares pemlint with pkilint; run by scripts/pkilint, which says what for.

Certificates are compared one by one, each alone: pkilint looks at single certificates.
A pair of the ledger names rules and the codes that speak of the same fault. Where one
side speaks on a certificate and the other does not, each thing it said is a difference.
"""

import base64
import collections
import hashlib
import json
import logging
import os
import re
import subprocess
import sys
import tempfile
import tomllib
import warnings
from fnmatch import fnmatchcase
from pathlib import Path

from pkilint import loader, report
from pkilint.pkix import certificate, extension, name

FIXTURES = Path("fixtures")
# The instant of the fixtures; pkilint asks for none.
AT = "2026-11-22T00:00:00Z"
# What stands for a code where pkilint does not even load the certificate.
NOT_LOADED = "not-loaded"
SIDES = {"pemlint": "rules", "pkilint": "codes"}
CAUSES = ["pkilint", "scope", "rule-missing"]
BLOCK = re.compile(rb"-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----([^-]*)-----END")

CODE = re.compile(r'"((?:base|itu|pkix)\.[a-z0-9_]+)"')

Said = collections.namedtuple("Said", "name text")
Difference = collections.namedtuple("Difference", "pair only file said ours theirs")


def corpus():
    """Every certificate below the fixtures once: its digest, octets and first file."""
    found = {}
    for path in sorted(FIXTURES.rglob("*")):
        if not path.is_file():
            continue
        for body in BLOCK.findall(path.read_bytes()):
            try:
                octets = base64.b64decode(re.sub(rb"\s", b"", body), validate=True)
            except ValueError:
                continue
            digest = hashlib.sha256(octets).hexdigest()
            found.setdefault(digest, (octets, path.relative_to(FIXTURES).as_posix()))
    return found


def said_by_pemlint(certificates):
    """The rules that fire on each certificate, alone in its file, with their messages."""
    program = os.environ["PEMLINT"]
    said = {digest: [] for digest in certificates}
    with tempfile.TemporaryDirectory() as folder:
        for digest, (octets, _) in certificates.items():
            Path(folder, f"{digest}.der").write_bytes(octets)
        words = ["check", folder, "--profile", "rfc5280", "--no-key", "--at", AT, "--format", "json"]
        ran = subprocess.run([program, *words], capture_output=True, check=False)
    if ran.returncode not in (0, 1):
        sys.exit(f"{program} ended with {ran.returncode}: {ran.stderr.decode()}")
    answer = json.loads(ran.stdout)
    if len(answer["inputs"]) != len(certificates):
        sys.exit(f"pemlint read {len(answer['inputs'])} of {len(certificates)} certificates")
    for finding in answer["findings"]:
        said[Path(finding["path"]).stem].append(Said(finding["rule"], finding["message"]))
    return said


def rules_of_pemlint():
    words = [os.environ["PEMLINT"], "rules", "--format", "json"]
    ran = subprocess.run(words, capture_output=True, check=True)
    return {rule["id"] for rule in json.loads(ran.stdout)["rules"]}


def linter():
    """The linter behind `lint_pkix_cert lint`."""
    decoding = certificate.create_decoding_validators(
        name.ATTRIBUTE_TYPE_MAPPINGS, extension.EXTENSION_MAPPINGS
    )
    parts = [
        certificate.create_issuer_validator_container([]),
        certificate.create_validity_validator_container(),
        certificate.create_subject_validator_container([]),
        certificate.create_extensions_validator_container([]),
        certificate.create_spki_validator_container([]),
    ]
    return certificate.create_pkix_certificate_validator_container(decoding, parts)


def codes_of_linter(validator):
    """The codes that the linter says it may find; those of keys and their usage it leaves out."""
    lines = report.report_included_validations(validator).split()
    return {line.split(",")[1] for line in lines[1:]} | {NOT_LOADED}


def codes_of_package():
    """Every code that stands in the sources of pkilint."""
    sources = Path(loader.__file__).parent.rglob("*.py")
    texts = (source.read_text(encoding="utf-8") for source in sources)
    return {code for text in texts for code in CODE.findall(text)} | {NOT_LOADED}


def said_by_pkilint(certificates, validator):
    """The codes on each certificate, with message and place."""
    load = loader.RFC5280CertificateDocumentLoader().load_der_document
    said = {}
    for digest, (octets, file) in certificates.items():
        try:
            document = load(octets, file, file)
        except ValueError as fault:
            reason = str(fault).replace(f'Error occurred while decoding substrate in document "{file}": ', "")
            said[digest] = [Said(NOT_LOADED, reason)]
            continue
        said[digest] = [
            Said(one.finding.code, f"{one.message} @ {result.node.path}")
            for result in validator.validate(document.root)
            for one in result.finding_descriptions
        ]
    return said


def differences(pair, certificates, ours, theirs):
    """On how many certificates both sides speak of a pair, and neither; what one says where the other is silent."""
    both, neither, found = 0, 0, []
    for digest, (_, file) in certificates.items():
        # What is not loaded is silent of everything else.
        if NOT_LOADED not in pair["codes"] and any(one.name == NOT_LOADED for one in theirs[digest]):
            continue
        here = [one for one in ours[digest] if one.name in pair["rules"]]
        there = [one for one in theirs[digest] if one.name in pair["codes"]]
        both += bool(here and there)
        neither += not (here or there)
        if bool(here) == bool(there):
            continue
        only, alone = ("pemlint", here) if here else ("pkilint", there)
        for said in sorted(set(alone)):
            found.append(Difference(pair["name"], only, file, said, ours[digest], theirs[digest]))
    return both, neither, found


def explains(line, difference):
    """Whether a line of the ledger is about a difference."""
    if line["pair"] != difference.pair or line["only"] != difference.only:
        return False
    if not re.search(line.get("text", ""), difference.said.text):
        return False
    files = line.get("files", ["*"])
    if not any(fnmatchcase(difference.file, pattern) for pattern in files):
        return False
    beside = line.get("beside")
    names = {one.name for one in difference.ours + difference.theirs}
    return beside is None or not names.isdisjoint(beside)


def faults_of(book, rules, codes, known):
    """What is wrong with the ledger by itself."""
    names = [pair["name"] for pair in book["pair"]]
    named = [code for pair in book["pair"] for code in pair["codes"]]
    alone = [code for group in book["without-rule"] for code in group["codes"]]
    for listed in (names, named + alone):
        for twice, count in collections.Counter(listed).items():
            if count > 1:
                yield f"{twice} stands {count} times"
    for code in sorted(codes - set(named + alone)):
        yield f"pkilint's {code} belongs to no pair and is not listed as without a rule"
    for code in sorted(set(named + alone) - known):
        yield f"pkilint has no code {code}"
    for pair in book["pair"]:
        for rule in set(pair["rules"]) - rules:
            yield f"there is no rule {rule}"
    for line in book["difference"]:
        where = f"{line['pair']}, only {line['only']}"
        if line["pair"] not in names or line["only"] not in SIDES or line["cause"] not in CAUSES:
            yield f"{where}, {line['cause']}: no pair, no side or no cause of that name"
        if len(line["reason"]) < 20 or any(key not in line for key in ("reason", "cause")):
            yield f"{where}: no reason"


def main(path, options):
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    book = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    validator = linter()
    certificates = corpus()
    ours, theirs = said_by_pemlint(certificates), said_by_pkilint(certificates, validator)
    codes = codes_of_linter(validator) | {one.name for said in theirs.values() for one in said}
    complaints = list(faults_of(book, rules_of_pemlint(), codes, codes_of_package()))
    used, causes, agreed, silent = collections.Counter(), collections.Counter(), 0, 0
    files = collections.defaultdict(set)
    for pair in book["pair"]:
        both, neither, found = differences(pair, certificates, ours, theirs)
        agreed += both
        sides = {side: {one.file for one in found if one.only == side} for side in SIDES}
        alone = {side: len(of_side) for side, of_side in sides.items()}
        silent += neither
        if "--all" in options or any(alone.values()):
            print(f"{pair['name']}: both {both}, only pemlint {alone['pemlint']}, only pkilint {alone['pkilint']}")
        for difference in found:
            lines = [at for at, line in enumerate(book["difference"]) if explains(line, difference)]
            shown = f"{difference.only} alone on {difference.file}: {difference.said.name}: {difference.said.text}"
            if not lines:
                complaints.append(f"{pair['name']}: {shown}")
                continue
            line = book["difference"][lines[0]]
            used.update(lines)
            files[line["cause"]].add((pair["name"], difference.file))
            if "--all" in options:
                print(f"    {shown}\n        {line['cause']}: {line['reason'].strip()}")
    for cause, of_cause in files.items():
        causes[cause] = len(of_cause)
    for at, line in enumerate(book["difference"]):
        if not used[at]:
            complaints.append(f"{line['pair']}, only {line['only']}: explains nothing: {line['reason'].strip()}")
    loaded = sum(1 for said in theirs.values() if not any(one.name == NOT_LOADED for one in said))
    print(
        f"\n{len(certificates)} certificates, {loaded} of them loaded by pkilint {book['version']}; "
        f"{len(book['pair'])} pairs of rules and codes"
    )
    print(f"both find {agreed}, both are silent {silent}, differ {sum(causes.values())}:")
    for cause, count in sorted(causes.items()):
        print(f"    {count:5} {cause}")
    for complaint in complaints:
        print(f"error: {complaint}", file=sys.stderr)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
