package plugin

import (
	"slices"
	"strings"
	"testing"

	"github.com/bulwark-authz/bulwark/plugin/input"
	"github.com/bulwark-authz/bulwark/policies"
)

// passing are the operations that no rule of their own judges, and why not.
// Rules for every operation, malformed_request and the like, see them too.
var passing = map[string]string{
	"reads that show no secret": `ContainerArchiveInfo ContainerChanges ContainerInspect ContainerList ContainerLogs
		ContainerStats ContainerWait ExecInspect ImageAttestations ImageHistory ImageInspect ImageList
		NetworkInspect NetworkList PluginInspect PluginList SystemDataUsage SystemEvents SystemInfo SystemOptions
		SystemPing SystemPingHead SystemVersion VolumeInspect VolumeList`,
	"reads of a swarm that show no secret": `ConfigInspect ConfigList NodeInspect NodeList SecretInspect SecretList
		ServiceInspect ServiceList ServiceLogs TaskInspect TaskList TaskLogs`,
	"the life of containers that were judged at their creation, and are at their start": `ContainerKill ContainerPause
		ContainerResize ContainerRestart ContainerStop ContainerUnpause ExecResize`,
	"removing things, which gives no power over the host": `BuildCancel BuildPrune ConfigDelete ContainerDelete
		ContainerPrune ImageDelete ImagePrune NetworkDelete NetworkDisconnect NetworkPrune NodeDelete SecretDelete
		ServiceDelete VolumeDelete VolumePrune`,
}

// TestEveryOperationIsDecided walks the route table: an operation is claimed by
// a rule of its own, or stands above with the reason why it passes.
func TestEveryOperationIsDecided(t *testing.T) {
	rules, err := policies.Rules()
	if err != nil {
		t.Fatal(err)
	}
	judged := map[string]bool{}
	for _, rule := range rules {
		for _, operation := range rule.Operations {
			judged[operation] = true
		}
	}
	var passes []string
	for _, list := range passing {
		passes = append(passes, strings.Fields(list)...)
	}
	operations := input.Operations()
	if len(operations) < 110 {
		t.Fatalf("there are %d operations, want all of them", len(operations))
	}
	for _, operation := range operations {
		if judged[operation] == slices.Contains(passes, operation) {
			t.Errorf("%s: judged by a rule of its own: %v; must be that or stand in the list of what passes", operation, judged[operation])
		}
	}
	for _, operation := range passes {
		if !slices.Contains(operations, operation) {
			t.Errorf("%s is no operation", operation)
		}
	}
}
