package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// walkthroughs are the pages whose commands are run as a reader would run them.
var walkthroughs = []string{"tutorial.md", "exceptions.md", "coming-from-opa-docker-authz.md"}

// fence is a block of code: its language, the file it is if any, and the text.
var fence = regexp.MustCompile("(?ms)^```([a-z]+)(?: file=(\\S+))?\n(.*?)^```$")

// TestDocs makes a script of each page: a block with a file's name is written to
// that file, and each command of a console block must print what stands below it.
func TestDocs(t *testing.T) {
	for _, page := range walkthroughs {
		t.Run(page, func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join("..", "..", "docs", page))
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			script := scriptOf(string(text))
			if !strings.Contains(script, "console ") {
				t.Fatal("the page has no command")
			}
			if err := os.WriteFile(filepath.Join(dir, "page.txt"), []byte(script), 0o644); err != nil {
				t.Fatal(err)
			}
			testscript.Run(t, testscript.Params{Dir: dir, Setup: standIn, Cmds: map[string]func(*testscript.TestScript, bool, []string){"console": console}})
		})
	}
}

// standIn lets the folder etc of the script stand in for /etc of the host.
func standIn(env *testscript.Env) error {
	env.Setenv("BULWARK_CONFIG", filepath.Join(env.WorkDir, "etc", "bulwark"))
	return os.MkdirAll(filepath.Join(env.WorkDir, "etc", "bulwark"), 0o755)
}

func scriptOf(page string) string {
	var steps, files strings.Builder
	for i, block := range fence.FindAllStringSubmatch(page, -1) {
		name := fmt.Sprintf("block%d", i)
		switch language, file, text := block[1], block[2], block[3]; {
		case file != "":
			fmt.Fprintf(&steps, "mkdir %s\ncp %s %s\n", filepath.Dir(file), name, file)
			fmt.Fprintf(&files, "-- %s --\n%s", name, text)
		case language == "console":
			fmt.Fprintf(&steps, "console %s\n", name)
			fmt.Fprintf(&files, "-- %s --\n%s", name, text)
		}
	}
	return steps.String() + files.String()
}

// console runs the commands of a block, those of lines that begin with $, and
// compares what each prints; a line ... stands for any lines.
func console(ts *testscript.TestScript, _ bool, args []string) {
	for _, session := range strings.Split("\n"+ts.ReadFile(args[0]), "\n$ ")[1:] {
		command, want, _ := strings.Cut(session, "\n")
		local := strings.ReplaceAll(strings.ReplaceAll(command, "sudo ", ""), "/etc/bulwark", "etc/bulwark")
		ts.Check(ts.Exec("sh", "-c", "{ "+local+"; } 2>&1 || true"))
		got := strings.ReplaceAll(ts.ReadFile("stdout"), ts.Getenv("WORK")+"/etc", "/etc")
		if !matches(strings.TrimSpace(want), strings.TrimSpace(got)) {
			ts.Fatalf("$ %s\nprints\n%s\nand the page says\n%s", command, got, want)
		}
	}
}

// columns are as wide as what stands in them.
var columns = regexp.MustCompile(` {2,}`)

func matches(want, got string) bool {
	want, got = columns.ReplaceAllString(want, "  "), columns.ReplaceAllString(got, "  ")
	pattern := strings.ReplaceAll("\n"+regexp.QuoteMeta(want)+"\n", "\n"+regexp.QuoteMeta("...")+"\n", "\n(?s:.*\n)?")
	return regexp.MustCompile("^" + pattern + "$").MatchString("\n" + got + "\n")
}
