// Package e2e runs the built plugin in real Docker Engines and talks to it through real clients.
// Its tests need root and the build tag e2e: make e2e.
package e2e
