package render

import (
	"cmp"
	"fmt"
	"io"
	"net/url"
	"path/filepath"

	"github.com/bulwark-authz/bulwark/cmd/bulwark/internal/check"
	"github.com/bulwark-authz/bulwark/plugin/policy"
)

// The parts of SARIF 2.1.0 that are written (docs.oasis-open.org/sarif).
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool    sarifTool     `json:"tool"`
		Results []sarifResult `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name  string      `json:"name"`
		Rules []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID               string    `json:"id"`
		ShortDescription sarifText `json:"shortDescription"`
		Help             sarifText `json:"help"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifResult struct {
		RuleID    string          `json:"ruleId"`
		Level     string          `json:"level"`
		Message   sarifText       `json:"message"`
		Locations []sarifLocation `json:"locations"`
	}
	sarifLocation struct {
		Physical *sarifPhysical `json:"physicalLocation,omitempty"`
		Logical  []sarifLogical `json:"logicalLocations"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   *sarifRegion  `json:"region,omitempty"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine int `json:"startLine"`
	}
	sarifLogical struct {
		FullyQualifiedName string `json:"fullyQualifiedName"`
	}
)

// undecided stands for the rule of a request that was refused.
const undecided = "undecided"

// levels are SARIF's words for a rule's severity.
var levels = map[string]string{"critical": "error", "high": "error", "medium": "warning", "low": "note"}

// writeSARIF writes the findings for code scanners. What is only a dry run is
// a note.
func writeSARIF(w io.Writer, r check.Report) error {
	run := sarifRun{Tool: sarifTool{Driver: sarifDriver{Name: "Bulwark", Rules: []sarifRule{}}}, Results: []sarifResult{}}
	seen := map[string]bool{}
	add := func(source check.Source, request check.Request, f check.Finding, level string) {
		if !seen[f.Rule] {
			seen[f.Rule] = true
			run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRule{ID: f.Rule, ShortDescription: sarifText{f.Title}, Help: sarifText{f.Fix}})
		}
		text := request.Subject + ": " + f.Msg
		if f.Fix != "" {
			text += "; " + f.Fix
		}
		run.Results = append(run.Results, sarifResult{RuleID: f.Rule, Level: level, Message: sarifText{printable(text)},
			Locations: []sarifLocation{location(source, request, f)}})
	}
	for _, source := range r.Sources {
		for _, request := range source.Requests {
			if request.Outcome == check.Refuse {
				add(source, request, refused(request), "error")
			}
			for _, f := range request.Violations {
				add(source, request, f, levels[f.Severity])
			}
			for _, f := range request.Dryrun {
				add(source, request, f, "note")
			}
		}
	}
	return encode(w, sarifLog{Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0", Runs: []sarifRun{run}})
}

// refused is a refusal as a finding.
func refused(r check.Request) check.Finding {
	return check.Finding{Violation: policy.Violation{Rule: undecided, Title: "Request that could not be decided on", Severity: "high", Msg: r.Message}}
}

func location(source check.Source, request check.Request, f check.Finding) sarifLocation {
	l := sarifLocation{Logical: []sarifLogical{{FullyQualifiedName: fmt.Sprintf("%s %s", request.Subject, f.Field)}}}
	if !source.IsFile() {
		return l
	}
	l.Physical = &sarifPhysical{Artifact: sarifArtifact{URI: (&url.URL{Path: filepath.ToSlash(cmp.Or(f.File, source.Name))}).String()}}
	if f.Line > 0 {
		l.Physical.Region = &sarifRegion{StartLine: f.Line}
	}
	return l
}
