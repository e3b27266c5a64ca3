package main

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/docker/go-plugins-helpers/authorization"
)

// requests are bodies that the docker command line 28.2 sent, written over
// several lines. In the service one setting was added for which the command
// line has no option.
//
//go:embed requests/*.json
var requests embed.FS

// body is a request's body as it goes over the wire.
func body(name string) []byte {
	text, err := requests.ReadFile("requests/" + name + ".json")
	if err != nil {
		panic(err) // it is part of the program
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, text); err != nil {
		panic(err)
	}
	return compact.Bytes()
}

// largeCreate is the create request with so many more environment variables
// that it has nearly size bytes. Each holds a kilobyte of JSON.
func largeCreate(size int) []byte {
	const entry = `{\"name\":\"checkout\",\"endpoint\":\"https://api.example.com/v2/checkout\",\"timeout\":30}`
	value := strings.Repeat(entry+",", 1024/len(entry)) + entry
	plain := body("create")
	var variables strings.Builder
	for n := 0; ; n++ {
		variable := fmt.Sprintf(`"FEATURE_%05d=[%s]",`, n, value)
		if len(plain)+variables.Len()+len(variable) > size {
			break
		}
		variables.WriteString(variable)
	}
	return bytes.Replace(plain, []byte(`"Env":[`), []byte(`"Env":[`+variables.String()), 1)
}

// post is what the engine asks about a POST with a JSON body.
func post(uri string, body []byte) authorization.Request {
	return authorization.Request{
		RequestMethod: "POST",
		RequestURI:    uri,
		RequestBody:   body,
		RequestHeaders: map[string]string{
			"User-Agent":     userAgent,
			"Content-Type":   "application/json",
			"Content-Length": strconv.Itoa(len(body)),
		},
	}
}

// read is what the engine asks about a request without a body.
func read(method, uri string) authorization.Request {
	return authorization.Request{RequestMethod: method, RequestURI: uri, RequestHeaders: map[string]string{"User-Agent": userAgent}}
}

const userAgent = "Docker-Client/28.2.2 (linux)"

// answered is what the engine asks once it has carried out a request: the
// request again, and the response.
func answered(req authorization.Request, status int, body []byte) authorization.Request {
	req.ResponseStatusCode, req.ResponseBody = status, body
	req.ResponseHeaders = map[string]string{
		"Api-Version":         "1.50",
		"Content-Type":        "application/json",
		"Docker-Experimental": "false",
		"Ostype":              "linux",
		"Server":              "Docker/28.2.2 (linux)",
	}
	return req
}

// wire is a call of the plugin, byte for byte as the engine's own client for
// plugins sends it.
func wire(call string, req authorization.Request) []byte {
	var envelope bytes.Buffer
	if err := json.NewEncoder(&envelope).Encode(req); err != nil {
		panic(err) // it has nothing that cannot be encoded
	}
	header := fmt.Sprintf("POST /%s HTTP/1.1\r\nHost: bulwark\r\nUser-Agent: Go-http-client/1.1\r\nContent-Length: %d\r\n"+
		"Accept: application/vnd.docker.plugins.v1.2+json\r\nAccept-Encoding: gzip\r\n\r\n", call, envelope.Len())
	return append([]byte(header), envelope.Bytes()...)
}
