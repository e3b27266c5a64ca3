# METADATA
# title: Capabilities of the engine
# description: What the engine gives to every container (moby daemon/pkg/oci/caps/defaults.go).
package lib.capabilities

import rego.v2

engine_default := {
	"AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE",
	"NET_RAW", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
}
