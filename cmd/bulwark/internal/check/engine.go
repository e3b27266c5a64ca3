package check

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"
)

// defaultEngine is where an engine listens when nobody says otherwise.
const defaultEngine = "/run/docker.sock"

// FindEngine returns the socket of the engine to look things up in, "" for
// none. asked is what the user named, "none" for none; without that it is the
// engine of the environment's DOCKER_HOST, or this host's, if it answers.
func FindEngine(ctx context.Context, asked, dockerHost string) (string, error) {
	if asked == "none" {
		return "", nil
	}
	for _, name := range []string{asked, dockerHost} {
		if name == "" {
			continue
		}
		socket := strings.TrimPrefix(name, "unix://")
		if strings.Contains(socket, "://") {
			if name == asked {
				return "", errors.New("--engine takes the path of a unix socket, or none")
			}
			return "", nil // another machine's
		}
		if err := answers(ctx, socket); err != nil && name == asked {
			return "", fmt.Errorf("connecting to the engine: %w", err)
		} else if err != nil {
			return "", nil
		}
		return socket, nil
	}
	if answers(ctx, defaultEngine) != nil {
		return "", nil
	}
	return defaultEngine, nil
}

func answers(ctx context.Context, socket string) error {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	conn, err := new(net.Dialer).DialContext(ctx, "unix", socket)
	if err != nil {
		return err
	}
	return conn.Close()
}
