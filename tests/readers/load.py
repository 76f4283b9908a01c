"""Loads every file that standard input names, as `cafile=` and as `cadata=`; prints a line of JSON for each."""

import json
import ssl
import sys


def load(**arguments):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    error = None
    try:
        context.load_verify_locations(**arguments)
    except (ssl.SSLError, TypeError, ValueError) as refused:
        error = str(refused)
    return [context.cert_store_stats()["x509"], error]


def text_of(path):
    with open(path, encoding="utf-8", newline="") as file:
        return file.read()


print(json.dumps({"python": list(sys.version_info[:3]), "openssl": ssl.OPENSSL_VERSION}), flush=True)
for line in sys.stdin:
    path = line.rstrip("\n")
    try:
        cadata = load(cadata=text_of(path))
    except UnicodeDecodeError:
        cadata = [0, "no UTF-8"]
    print(json.dumps({"cafile": load(cafile=path), "cadata": cadata}), flush=True)
