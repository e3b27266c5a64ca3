package main

import (
	"bytes"
	"fmt"
	"strings"
)

const settingsFile = "settings.yaml"

// everyRule is a configuration under which all rules of both profiles are in
// force.
var everyRule = folder{settingsFile: restricted}

const restricted = `profile: restricted
rules:
  untrusted_registry: {params: {trusted: [docker.io/library, registry.example.com]}}
`

// growth is one thing that a site may have little or much of.
type growth struct {
	name         string
	little, much int
	config       func(entries int) folder
	request      workload
	target       float64
}

func growths() []growth {
	const calls = 20
	create := body("create")
	binding := bytes.Replace(create, []byte(`"Binds":["api-data:`), []byte(`"Binds":["/srv/data-last/api:`), 1)
	return []growth{
		{"trusted registries", 10, 10_000, trustedRegistries, asking("create", post(createURI, create), calls, 0), 1.2},
		{"allowed host paths", 10, 10_000, allowedPaths, asking("create", post(createURI, binding), calls, 0), 1.2},
		{"rules for other operations", 0, 400, otherRules, asking("create", post(createURI, create), calls, 0), 1.05},
	}
}

// trustedRegistries end with the one whose image is created.
func trustedRegistries(entries int) folder {
	var b strings.Builder
	b.WriteString("profile: restricted\nrules:\n  untrusted_registry:\n    params:\n      trusted:\n")
	for n := range entries - 1 {
		fmt.Fprintf(&b, "        - registry-%05d.example.com/team\n", n)
	}
	b.WriteString("        - registry.example.com\n")
	return folder{settingsFile: b.String()}
}

// allowedPaths end with the one that is mounted.
func allowedPaths(entries int) folder {
	var b strings.Builder
	b.WriteString(restricted + "  host_binds:\n    params:\n      allowed:\n")
	for n := range entries - 1 {
		fmt.Fprintf(&b, "        - {path: /srv/data-%05d}\n", n)
	}
	b.WriteString("        - {path: /srv/data-last}\n")
	return folder{settingsFile: b.String()}
}

// otherRules are a site's rules that have no say in creating a container.
func otherRules(entries int) folder {
	config := folder{settingsFile: restricted}
	for n := range entries {
		name := fmt.Sprintf("kept_image_%03d", n)
		config["rules/"+name+"/"+name+".rego"] = fmt.Sprintf(`# METADATA
# title: Image %[1]d removed
# description: The image is kept.
# custom:
#   severity: low
#   operations: [ImageDelete]
#   remediation: leave it
package custom.rules.%[2]s

import rego.v2

deny contains {"field": "path", "msg": "the image would be removed"} if {
	some image in input.images
	image.value == "kept-%[1]d"
}
`, n, name)
	}
	return config
}

// grow measures Bulwark with much of a thing against Bulwark with little.
func (b *bench) grow(g growth) (row, error) {
	var two [2]*server
	for i, entries := range []int{g.little, g.much} {
		s, err := b.startBulwark(fmt.Sprintf("%s %d", g.name, entries), g.config(entries))
		if err != nil {
			return row{}, err
		}
		defer s.stop()
		two[i] = s
	}
	p, err := turns(two[0], two[1], 1, []workload{g.request}, g.request.calls, b.rounds)
	if err != nil {
		return row{}, fmt.Errorf("%s: %w", g.name, err)
	}
	return p.row(fmt.Sprintf("create, %d %s for %d", g.much, g.name, g.little), g.target, 0), nil
}
