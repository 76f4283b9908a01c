"""A TLS client of Python's own making, asked over standard input what it says to a chain.

Each line is a case in JSON, each answer a line. The client is that of
ssl.create_default_context. It talks, over memory, to a server that says no more than
ServerHello and Certificate of TLS 1.2: enough for the verdict, so no private key is
needed. Where the leaf's key is known, a real server shakes hands with the client too.
"""

import base64
import json
import os
import ssl
import sys
import tempfile

# ECDHE with AES-256-GCM: allowed at all levels, one for each kind of key.
SUITES = {"ECDSA": 0xC02C, "RSA": 0xC030}
# Errors after the verification: the chain passed, but its key is of no use for TLS.
AFTER = {"WRONG_CERTIFICATE_TYPE", "UNKNOWN_CERTIFICATE_TYPE", "UNABLE_TO_FIND_PUBLIC_KEY_PARAMETERS"}


def without_line(error):
    """The text of an exception up to the line of _ssl.c."""
    return str(error.args[1] if len(error.args) > 1 else error).split(" (_ssl.c:")[0]


def number(value, octets):
    return value.to_bytes(octets, "big")


def message(kind, body):
    return bytes([kind]) + number(len(body), 3) + body


def flight(suite, chain):
    """ServerHello and Certificate (RFC 5246, 7.4), in records."""
    renegotiation = bytes.fromhex("ff01 0001 00")
    hello = b"\x03\x03" + bytes(range(32)) + b"\0" + number(suite, 2) + b"\0"
    hello += number(len(renegotiation), 2) + renegotiation
    certificates = b"".join(number(len(der), 3) + der for der in chain)
    text = message(2, hello) + message(11, number(len(certificates), 3) + certificates)
    parts = [text[at : at + 16384] for at in range(0, len(text), 16384)]
    return b"".join(b"\x16\x03\x03" + number(len(part), 2) + part for part in parts)


def context(case, trust):
    client = ssl.create_default_context(cafile=trust)
    if case["level"] != 2:
        client.set_ciphers(f"DEFAULT:@SECLEVEL={case['level']}")
    if not case["strict"]:
        client.verify_flags &= ~ssl.VERIFY_X509_STRICT
    if not case["partial_chain"]:
        client.verify_flags &= ~ssl.VERIFY_X509_PARTIAL_CHAIN
    return client


def said(error):
    """What an exception of the client's handshake means."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return {"stage": "verify", "code": error.verify_code, "text": without_line(error)}
    if error.reason in AFTER:
        return {"stage": "accepted", "after": error.reason}
    return {"stage": "handshake", "text": without_line(error)}


def present(client, case, suite, chain):
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = client.wrap_bio(incoming, outgoing, server_hostname=case["host"])
    try:
        tls.do_handshake()
    except ssl.SSLWantReadError:
        incoming.write(flight(suite, chain))
    try:
        tls.do_handshake()
    except ssl.SSLWantReadError:
        # It has verified the chain and waits for ServerKeyExchange.
        return {"stage": "accepted", "after": None}
    except ssl.SSLError as error:
        return said(error)
    raise AssertionError("a handshake without keys cannot end")


def judge(client, case, chain):
    """The answer with the suite that fits the leaf's key."""
    for suite in SUITES.values():
        answer = present(client, case, suite, chain)
        if answer.get("after") != "WRONG_CERTIFICATE_TYPE":
            break
    return answer


def pump(tls, outgoing, other):
    """One step of a side; whether it is done."""
    try:
        tls.do_handshake()
        return True
    except ssl.SSLWantReadError:
        return False
    finally:
        other.write(outgoing.read())


def shake(client, case, folder, chain):
    """A whole handshake with a real server, or why there is none."""
    paths = [os.path.join(folder, name) for name in ("chain.pem", "key.pem")]
    for path, text in zip(paths, ("".join(map(ssl.DER_cert_to_PEM_cert, chain)), case["key"])):
        with open(path, "w", encoding="ascii") as file:
            file.write(text)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.set_ciphers("DEFAULT:@SECLEVEL=0")
    try:
        server.load_cert_chain(*paths)
    except ssl.SSLError as error:
        return {"stage": "server", "text": without_line(error)}
    to_client, to_server = ssl.MemoryBIO(), ssl.MemoryBIO()
    one = client.wrap_bio(to_client, to_server, server_hostname=case["host"])
    # Its own memory, since what a side writes must not come back to it.
    received, sent = ssl.MemoryBIO(), ssl.MemoryBIO()
    other = server.wrap_bio(received, sent, server_side=True)
    while True:
        try:
            done = pump(one, to_server, received)
        except ssl.SSLError as error:
            return said(error)
        if done:
            return {"stage": "accepted", "after": None}
        try:
            pump(other, sent, to_client)
        except ssl.SSLError as error:
            return {"stage": "server", "text": without_line(error)}


def answer(case, folder):
    trust = os.path.join(folder, "trust.pem")
    with open(trust, "wb") as file:
        file.write(base64.b64decode(case["trust"]))
    try:
        client = context(case, trust)
    except ssl.SSLError as error:
        return {"flight": {"stage": "load", "text": without_line(error)}, "whole": None}
    chain = [base64.b64decode(der) for der in case["chain"]]
    whole = shake(client, case, folder, chain) if case["key"] else None
    return {"flight": judge(client, case, chain), "whole": whole}


def main():
    print(json.dumps({"python": list(sys.version_info[:3]), "openssl": ssl.OPENSSL_VERSION}), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for line in sys.stdin:
            print(json.dumps(answer(json.loads(line), folder)), flush=True)


if __name__ == "__main__":
    main()
