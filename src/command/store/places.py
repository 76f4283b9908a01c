import sys
sys.path = [place for place in sys.path if place]
import json, os, ssl
paths = ssl.get_default_verify_paths()
value = os.environ.get
cafile = value(paths.openssl_cafile_env, paths.openssl_cafile)
capath = value(paths.openssl_capath_env, paths.openssl_capath)
requests, source = None, ""
for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
    if value(name):
        requests, source = value(name), name
        break
else:
    try:
        import certifi
        requests, source = certifi.where(), "certifi " + getattr(certifi, "__version__", "")
    except Exception:
        pass
print(json.dumps({
    "executable": sys.executable,
    "version": "%d.%d.%d" % sys.version_info[:3],
    "openssl": ssl.OPENSSL_VERSION,
    "cafile": cafile or None,
    "capaths": [place for place in (capath or "").split(os.pathsep) if place],
    "requests": requests,
    "requests_from": source.strip(),
}))
