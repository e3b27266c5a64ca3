package policy

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bulwark-authz/bulwark/policies"
)

// raceDetector is set where it makes everything ten times slower.
var raceDetector bool

// versions makes policies whose one rule finds the version that settings.yaml
// names, and counts those that are still in memory.
type versions struct {
	t            *testing.T
	made, unused atomic.Int64
}

func (v *versions) load(s Snapshot) (*Engine, error) {
	version := string(s.files[SettingsFile].Data)
	if strings.HasPrefix(version, "bad") {
		return nil, errTestBroken
	}
	rule := fmt.Sprintf(`deny contains {"field": "", "msg": "version %s"} if input.method`+"\n", version)
	bundle, err := policies.Read(withRule(v.t, rule))
	if err != nil {
		return nil, err
	}
	engine, err := newEngine(bundle, Settings{})
	if err != nil {
		return nil, err
	}
	v.made.Add(1)
	runtime.AddCleanup(engine, func(unused *atomic.Int64) { unused.Add(1) }, &v.unused)
	return engine, nil
}

// versionOf asks an engine for its version.
func versionOf(engine *Engine) (int, error) {
	decision, err := engine.Decide(context.Background(), harmless())
	if err != nil {
		return 0, err
	}
	if len(decision.Violations) != 1 {
		return 0, fmt.Errorf("decision %+v", decision)
	}
	return strconv.Atoi(strings.TrimPrefix(decision.Violations[0].Msg, "version "))
}

// TestReloadUnderLoad changes the policy over and over, every tenth time into a
// broken one, while requests are decided. Each answer must be that of a policy
// that was in force between the question and the answer, and in the end only
// one policy may be left in memory.
func TestReloadUnderLoad(t *testing.T) {
	reloads := 1000
	if raceDetector || testing.Short() {
		reloads = 50
	}
	folder, dir := configFolder(t)
	goroutines := runtime.NumGoroutine()
	policies := &versions{t: t}
	var engine atomic.Pointer[Engine]
	var applied, written atomic.Int64
	states := make(chan error)
	w := &watcher{read: folder.Read, load: policies.load, poll: 50 * time.Millisecond, settle: time.Millisecond}
	w.apply = func(l Loaded) {
		if l.Err == nil {
			engine.Store(l.Engine)
			applied.Store(written.Load())
		}
		states <- l.Err
	}
	must(t, w.open())
	replace := func(text string) error {
		must(t, os.WriteFile(dir+"/.new", []byte(text), 0o644), os.Rename(dir+"/.new", dir+"/settings.yaml"))
		select {
		case err := <-states:
			return err
		case <-time.After(patience):
			t.Fatalf("%s is not loaded", text)
			return nil
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	var all sync.WaitGroup
	must(t, os.WriteFile(dir+"/settings.yaml", []byte("0"), 0o644))
	all.Go(func() { defer w.close(); w.run(ctx) })
	must(t, <-states)

	var answers, wrong atomic.Int64
	for range 2 {
		all.Go(func() {
			for ctx.Err() == nil {
				least := applied.Load()
				version, err := versionOf(engine.Load())
				if err != nil || int64(version) < least || int64(version) > written.Load() {
					wrong.Add(1)
					t.Errorf("version %d, %v; in force was %d or later", version, err, least)
				}
				answers.Add(1)
				time.Sleep(time.Millisecond) // most of the processor is for reloading
			}
		})
	}
	for i := 1; i <= reloads; i++ {
		if i%10 == 0 {
			if err := replace("bad " + strconv.Itoa(i)); !errors.Is(err, errTestBroken) {
				t.Errorf("a broken policy: %v", err)
			}
			continue
		}
		written.Store(int64(i))
		must(t, replace(strconv.Itoa(i)))
	}
	cancel()
	all.Wait()

	if version, err := versionOf(engine.Load()); err != nil || version != reloads-1 {
		t.Errorf("version %d, %v in the end, want %d", version, err, reloads-1)
	}
	for deadline := time.Now().Add(patience); policies.made.Load()-policies.unused.Load() > 1; time.Sleep(time.Millisecond) {
		if runtime.GC(); time.Now().After(deadline) {
			t.Errorf("of %d policies %d were let go", policies.made.Load(), policies.unused.Load())
			break
		}
	}
	for deadline := time.Now().Add(patience); runtime.NumGoroutine() > goroutines; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Errorf("%d goroutines before, %d after", goroutines, runtime.NumGoroutine())
			break
		}
	}
	runtime.KeepAlive(engine.Load())
	t.Logf("%d reloads, %d answers, %d of them wrong", reloads, answers.Load(), wrong.Load())
}
