//go:build e2e

package e2e

import "testing"

// TestEnforcement shares one engine with the plugin among the tests, the ones that break it on purpose
// last: each leaves an engine that works and enforces.
func TestEnforcement(t *testing.T) {
	eachEngine(t, func(t *testing.T, e engine) {
		d := startDaemon(t, e)
		d.importImages(t)
		d.protect(t)
		t.Run("allows", func(t *testing.T) { testAllows(t, d) })
		t.Run("denies", func(t *testing.T) { testDenies(t, d) })
		t.Run("self protection", func(t *testing.T) { testSelfProtection(t, d) })
		t.Run("way out", func(t *testing.T) { testWayOut(t, d) })
		t.Run("restart", func(t *testing.T) { testRestart(t, d) })
		t.Run("killed", func(t *testing.T) { testKilled(t, d) })
		t.Run("frozen", func(t *testing.T) { testFrozen(t, d) })
		t.Run("broken", func(t *testing.T) { testBroken(t, d) })
	})
}
