package render

import (
	"encoding/xml"
	"io"
	"strings"

	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/check"
)

// The parts of JUnit's XML that CI systems read: a suite for each source, a
// case for each request.
type (
	junitSuites struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Name     string       `xml:"name,attr"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Errors   int          `xml:"errors,attr"`
		Suites   []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Errors   int         `xml:"errors,attr"`
		Cases    []junitCase `xml:"testcase"`
	}
	junitCase struct {
		Name      string       `xml:"name,attr"`
		Classname string       `xml:"classname,attr"`
		Failure   *junitReason `xml:"failure"`
		Error     *junitReason `xml:"error"`
		Out       string       `xml:"system-out,omitempty"`
	}
	junitReason struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr"`
		Text    string `xml:",chardata"`
	}
)

// writeJUnit writes each request as a test that passes when it is allowed.
func writeJUnit(w io.Writer, r check.Report) error {
	all := junitSuites{Name: "bulwark check"}
	for _, source := range r.Sources {
		suite := junitSuite{Name: source.Name}
		for _, request := range source.Requests {
			c := junitCase{Name: request.Subject, Classname: source.Name, Out: lines(source, request.Dryrun)}
			switch request.Outcome {
			case check.Deny:
				suite.Failures++
				c.Failure = &junitReason{Message: rules(request.Violations), Type: "denied", Text: lines(source, request.Violations)}
			case check.Refuse:
				suite.Errors++
				c.Error = &junitReason{Message: request.Message, Type: "refused"}
			}
			suite.Cases = append(suite.Cases, c)
		}
		suite.Tests = len(suite.Cases)
		all.Tests, all.Failures, all.Errors = all.Tests+suite.Tests, all.Failures+suite.Failures, all.Errors+suite.Errors
		all.Suites = append(all.Suites, suite)
	}
	out, err := xml.MarshalIndent(all, "", "  ")
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, xml.Header+string(out)+"\n")
	return err
}

// rules are the names of the rules that found something, each once.
func rules(findings []check.Finding) string {
	var names []string
	for i, f := range findings {
		if i == 0 || f.Rule != findings[i-1].Rule {
			names = append(names, f.Rule)
		}
	}
	return strings.Join(names, ", ")
}

// lines are findings as the denied user would read them, after their places.
func lines(source check.Source, findings []check.Finding) string {
	var list []string
	for _, f := range findings {
		list = append(list, strings.TrimSpace(where(source, f)+" "+f.String()))
	}
	return strings.Join(list, "\n")
}
