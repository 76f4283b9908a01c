// Command go asks crypto/x509 what it says to one chain.
//
// Arguments: CHAIN TRUST HOST TIME. Exit status: 0 accepts, 1 rejects, 126 no answer.
package main

import (
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"strconv"
	"time"
)

func end(status int, text any) {
	fmt.Println(text)
	os.Exit(status)
}

func read(path string) []byte {
	text, err := os.ReadFile(path)
	if err != nil {
		end(126, err)
	}
	return text
}

// presented gives the certificates that a client would read from the handshake: one that it
// cannot read ends the connection.
func presented(text []byte) []*x509.Certificate {
	var all []*x509.Certificate
	for {
		var block *pem.Block
		block, text = pem.Decode(text)
		if block == nil {
			return all
		}
		if block.Type != "CERTIFICATE" {
			continue
		}
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			end(1, err)
		}
		all = append(all, certificate)
	}
}

func main() {
	if len(os.Args) != 5 {
		end(126, "arguments: CHAIN TRUST HOST TIME")
	}
	seconds, err := strconv.ParseInt(os.Args[4], 10, 64)
	if err != nil {
		end(126, err)
	}
	options := x509.VerifyOptions{
		DNSName:       os.Args[3],
		CurrentTime:   time.Unix(seconds, 0),
		Roots:         x509.NewCertPool(),
		Intermediates: x509.NewCertPool(),
	}
	if !options.Roots.AppendCertsFromPEM(read(os.Args[2])) {
		end(1, "x509: no certificate in the trust file")
	}
	chain := presented(read(os.Args[1]))
	if len(chain) == 0 {
		end(1, "tls: no certificates from the server")
	}
	for _, certificate := range chain[1:] {
		options.Intermediates.AddCert(certificate)
	}
	if _, err := chain[0].Verify(options); err != nil {
		end(1, err)
	}
}
