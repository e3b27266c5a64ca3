package plugin

import (
	"testing"

	"github.com/docker/go-plugins-helpers/authorization"
)

// TestClientsAreUnderstood sends what libraries send beside what they mean:
// keys of their own, parameters twice, JSON where no body is read.
func TestClientsAreUnderstood(t *testing.T) {
	a := newAuthorizer(t, "baseline", nil)
	for _, tc := range []struct{ client, method, uri, body string }{
		{"dockerode create", "POST", "/containers/create?Image=busybox&name=d1&Cmd=sh&Cmd=-c&Env=A%3Db&Env=C%3Dd", `{"Image":"busybox","name":"d1","Cmd":["sh","-c"],"Env":["A=b","C=d"],"User":"1000","platform":"linux/amd64"}`},
		{"dockerode pull", "POST", "/images/create?fromImage=nginx&tag=1.27", `{"fromImage":"nginx","tag":"1.27"}`},
		{"dockerode stop", "POST", "/containers/d1/stop?t=10", `{"t":10}`},
		{"dockerode attach", "POST", "/containers/d1/attach?stream=true&stdout=true", `{"stream":true,"stdout":true}`},
		{"dockerode exec start", "POST", "/exec/e1/start", `{"hijack":true,"stdin":true,"Detach":false,"Tty":false}`},
		{"Docker.DotNet exec start", "POST", "/v1.43/exec/e1/start", `{"AttachStdin":true,"AttachStderr":true,"AttachStdout":true,"Tty":false}`},
		{"docker-java exec", "POST", "/v1.44/containers/d1/exec", `{"containerId":"d1","AttachStdout":true,"AttachStderr":true,"Cmd":["id"]}`},
		{"docker-java resize", "POST", "/v1.44/containers/d1/resize?h=24&w=80", `{"containerId":"d1","height":24,"width":80}`},
		{"dockerode commit", "POST", "/commit?container=d1&repo=localhost%2Fd1&tag=1", `{"container":"d1","repo":"localhost/d1","tag":"1","pause":true}`},
		{"docker-py commit", "POST", "/v1.41/commit?container=d1&repo=localhost%2Fd1", `null`},
		{"moby client disk usage", "GET", "/v1.45/system/df?type=container&type=volume", ""},
		{"Portainer start", "POST", "/containers/d1/start", `{}`},
		{"Portainer recreate", "POST", "/containers/create?name=web", `{"Image":"busybox","User":"1000","name":"web","MacAddress":"02:42:ac:11:00:02","HostConfig":{
			"KernelMemory":0,"MaskedPaths":["/proc/asound","/proc/acpi","/proc/kcore","/proc/keys","/proc/latency_stats","/proc/timer_list","/proc/timer_stats","/proc/sched_debug","/proc/scsi","/sys/firmware"],
			"ReadonlyPaths":["/proc/bus","/proc/fs","/proc/irq","/proc/sys","/proc/sysrq-trigger"],"Runtime":"runc","IpcMode":"private","ShmSize":67108864},
			"NetworkingConfig":{"EndpointsConfig":{"front":{"NetworkID":"53ca83d89d58","EndpointID":"","Gateway":"172.18.0.1","IPAddress":"172.18.0.2","IPPrefixLen":16,"MacAddress":"02:42:ac:12:00:02"}}}}`},
	} {
		req := authorization.Request{RequestMethod: tc.method, RequestURI: tc.uri, RequestHeaders: map[string]string{}}
		if tc.body != "" {
			req.RequestHeaders["Content-Type"], req.RequestBody = "application/json", []byte(tc.body)
		}
		if answer := a.AuthZReq(req); !answer.Allow {
			t.Errorf("%s: %s%s", tc.client, answer.Msg, answer.Err)
		}
	}
}
