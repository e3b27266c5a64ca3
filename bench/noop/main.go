// Command noop is the floor that Bulwark is measured against: the smallest
// plugin that the protocol's own library makes, which allows everything
// without looking at it.
package main

import (
	"fmt"
	"net"
	"os"

	"github.com/docker/go-plugins-helpers/authorization"
)

type noop struct{}

func (noop) AuthZReq(authorization.Request) authorization.Response {
	return authorization.Response{Allow: true}
}

func (noop) AuthZRes(authorization.Request) authorization.Response {
	return authorization.Response{Allow: true}
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: noop SOCKET")
		os.Exit(2)
	}
	if err := serve(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(2)
	}
}

// serve is the library's ServeUnix without the folder for all plugins of the
// host, which it makes even for a socket elsewhere.
func serve(socket string) error {
	listener, err := net.Listen("unix", socket)
	if err != nil {
		return fmt.Errorf("listening on %s: %w", socket, err)
	}
	return authorization.NewHandler(noop{}).Serve(listener)
}
