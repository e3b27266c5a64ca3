//go:build race

package plugin

func init() { raceDetector = true }
