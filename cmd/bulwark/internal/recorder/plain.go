package recorder

import "net/http"

// done says that nothing is left to say.
var done = answer{status: http.StatusOK}

// plain are operations that change nothing the recorder shows.
var plain = map[string]answer{
	"BuildPrune":          {status: http.StatusOK, body: object{"CachesDeleted": []any{}, "SpaceReclaimed": 0}},
	"ConfigUpdate":        done,
	"ContainerAttach":     {status: http.StatusOK, stream: attached},
	"ContainerPause":      {status: http.StatusNoContent},
	"ContainerPrune":      {status: http.StatusOK, body: object{"ContainersDeleted": []any{}, "SpaceReclaimed": 0}},
	"ContainerResize":     done,
	"ContainerUnpause":    {status: http.StatusNoContent},
	"ContainerUpdate":     {status: http.StatusOK, body: object{"Warnings": []any{}}},
	"ContainerWait":       {status: http.StatusOK, body: object{"StatusCode": 0}, stream: untilEnd},
	"ExecResize":          done,
	"ExecStart":           {status: http.StatusOK, stream: executed},
	"GRPC":                {status: http.StatusNotImplemented, body: notDone.body, stream: executed},
	"ImageDelete":         {status: http.StatusOK, body: []any{}},
	"ImageLoad":           {status: http.StatusOK, body: object{"stream": "not carried out\n"}},
	"ImagePrune":          {status: http.StatusOK, body: object{"ImagesDeleted": []any{}, "SpaceReclaimed": 0}},
	"ImagePush":           {status: http.StatusOK, body: object{"status": "not carried out"}},
	"NetworkConnect":      done,
	"NetworkDisconnect":   done,
	"NetworkPrune":        {status: http.StatusOK, body: object{"NetworksDeleted": []any{}}},
	"NodeDelete":          done,
	"NodeUpdate":          done,
	"PluginCreate":        {status: http.StatusNoContent},
	"PluginDelete":        {status: http.StatusOK, body: object{}},
	"PluginDisable":       done,
	"PluginEnable":        done,
	"PluginPull":          {status: http.StatusOK, body: object{"status": "not carried out"}},
	"PluginPush":          {status: http.StatusOK, body: object{"status": "not carried out"}},
	"PluginSet":           {status: http.StatusNoContent},
	"PluginUpgrade":       {status: http.StatusOK, body: object{"status": "not carried out"}},
	"PutContainerArchive": done,
	"SecretUpdate":        done,
	"ServiceUpdate":       {status: http.StatusOK, body: object{"Warnings": []any{}}},
	"SwarmInit":           {status: http.StatusOK, body: thisNode},
	"SwarmJoin":           done,
	"SwarmLeave":          done,
	"SwarmUpdate":         done,
	"VolumePrune":         {status: http.StatusOK, body: object{"VolumesDeleted": []any{}, "SpaceReclaimed": 0}},
	"VolumeUpdate":        done,
}
