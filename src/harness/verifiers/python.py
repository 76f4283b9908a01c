"""A TLS client as ssl.create_default_context makes it, asked what it says to one chain.

It talks, over memory, to a server that says no more than ServerHello and Certificate of
TLS 1.2: enough for the verdict, so any chain can be presented without a private key.
Arguments: CHAIN TRUST HOST. Exit status: 0 accepts, 1 rejects, 126 no answer.
"""

import base64
import re
import ssl
import sys

# ECDHE with AES-256-GCM: allowed at all levels, one for each kind of key.
SUITES = (0xC02C, 0xC030)
# Errors after the verification: the chain passed, but its key is of no use for TLS.
AFTER = {"WRONG_CERTIFICATE_TYPE", "UNKNOWN_CERTIFICATE_TYPE", "UNABLE_TO_FIND_PUBLIC_KEY_PARAMETERS"}
BLOCK = re.compile(b"-----BEGIN CERTIFICATE-----(.*?)-----END CERTIFICATE-----", re.DOTALL)


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


def present(client, host, suite, chain):
    """The exception of the client's handshake, or None where it goes on."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = client.wrap_bio(incoming, outgoing, server_hostname=host)
    try:
        tls.do_handshake()
    except ssl.SSLWantReadError:
        incoming.write(flight(suite, chain))
    try:
        tls.do_handshake()
    except ssl.SSLWantReadError:
        # It has verified the chain and waits for ServerKeyExchange.
        return None
    except ssl.SSLError as error:
        return error
    raise AssertionError("a handshake without keys cannot end")


def judge(chain, trust, host):
    """The exception that a program would see, or None."""
    with open(chain, "rb") as file:
        ders = [base64.b64decode(block) for block in BLOCK.findall(file.read())]
    try:
        client = ssl.create_default_context(cafile=trust)
    except ssl.SSLError as error:
        return error
    for suite in SUITES:
        error = present(client, host, suite, ders)
        reason = getattr(error, "reason", None)
        if reason != "WRONG_CERTIFICATE_TYPE":
            break
    return None if reason in AFTER else error


def main():
    try:
        error = judge(*sys.argv[1:4])
    except Exception as error:  # whatever it is, it is no verdict
        print(f"{type(error).__name__}: {error}")
        return 126
    if error is None:
        return 0
    print(f"{type(error).__name__}: {error}")
    return 1


if __name__ == "__main__":
    sys.exit(main())
