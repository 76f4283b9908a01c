// tls.connect of Node.js, asked what it says to one chain, which a server in the same process presents.
// Arguments: CHAIN TRUST HOST KEY. Exit status: 0 accepts, 1 rejects, 77 where the server cannot present
// the chain, 126 no answer.
'use strict';

const fs = require('fs');
const net = require('net');
const tls = require('tls');

const [chain, trust, host, key] = process.argv.slice(2);

// OpenSSL's reason, without the number of the thread that stands in the message.
function said(error) {
  return error.reason || error.message;
}

function end(status, text) {
  if (text) fs.writeSync(1, `${text}\n`);
  process.exit(status);
}

process.on('uncaughtException', (error) => end(126, error.stack));

function serve() {
  try {
    return tls.createServer({
      cert: fs.readFileSync(chain),
      key: fs.readFileSync(key),
      ciphers: 'DEFAULT:@SECLEVEL=0',
    });
  } catch (error) {
    return end(77, `the server cannot present it: ${said(error)}`);
  }
}

function connect(port) {
  const options = {
    port,
    host: '127.0.0.1',
    ca: fs.readFileSync(trust),
    // An address is no server name (RFC 6066, 3), but is what the certificate is asked for.
    servername: net.isIP(host) ? '' : host,
    checkServerIdentity: (_, certificate) => tls.checkServerIdentity(host, certificate),
  };
  try {
    return tls.connect(options, () => end(0));
  } catch (error) {
    return end(1, `${error.code}: ${error.message}`);
  }
}

const server = serve();
let refusal = null;
server.on('tlsClientError', (error) => {
  refusal = error;
});
server.listen(0, '127.0.0.1', () => {
  connect(server.address().port).on('error', (error) => {
    // An alert of the server, or its end: the chain never came to be judged.
    const isServers = /ALERT/.test(error.code || '') || error.code === 'ECONNRESET';
    const tell = () => {
      if (isServers) end(77, `the server cannot present it: ${said(refusal || error)}`);
      end(1, `${error.code}: ${error.message}`);
    };
    setTimeout(tell, isServers ? 50 : 0);
  });
});
