package input

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// What a scanner finds odd, and where.

// step is a key, or an index when name is empty.
type step struct {
	name  string
	index int
}

func (s *scanner) odd(code, detail string) {
	if len(s.anomalies) < maxAnomalies {
		s.anomalies = append(s.anomalies, Anomaly{Code: code, Field: s.place(), Detail: detail})
	}
}

// refuse ends the scan.
func (s *scanner) refuse(code string) bool {
	s.refused = code
	return false
}

func (s *scanner) place() string {
	var b strings.Builder
	for _, p := range s.path {
		switch {
		case p.name == "":
			b.WriteString("[" + strconv.Itoa(p.index) + "]")
		case b.Len() > 0:
			b.WriteString("." + clip(p.name))
		default:
			b.WriteString(clip(p.name))
		}
	}
	return b.String()
}

func (s *scanner) push(p step) { s.path = append(s.path, p) }
func (s *scanner) pop()        { s.path = s.path[:len(s.path)-1] }

func (s *scanner) unknown(t reflect.Type, key string, raw []byte) {
	if name, ok := misplaced(t, key, raw); ok {
		s.odd(AnomalyMisplaced, fmt.Sprintf("%s belongs into HostConfig; engines up to 26 also read it here", name))
		return
	}
	if !saysNothing(raw) {
		s.odd(AnomalyUnknown, "the Engine API has no such field; check its spelling, or leave it out")
	}
}

// bound ends the scan at the first thing that is larger than any client needs
// it to be. Texts and lists that no rule looks into may have any size.
func (s *scanner) bound(size, most int, detail string) bool {
	if size <= most || s.roomy || slices.ContainsFunc(s.path, func(p step) bool { return unbounded[p.name] }) {
		return true
	}
	s.anomalies = append(s.anomalies, Anomaly{Code: AnomalySize, Field: s.place(), Detail: fmt.Sprintf(detail, most)})
	return s.refuse(AnomalySize)
}

// unbounded are the names of values that no rule takes apart.
var unbounded = map[string]bool{
	"Args": true, "Cmd": true, "Command": true, "Data": true, "Entrypoint": true, "Env": true, "Labels": true,
	"Profile": true, "SecurityOpt": true, "Test": true,
}

func (s *scanner) oddDecode(err error, t reflect.Type) {
	var wrong *json.UnmarshalTypeError
	if !errors.As(err, &wrong) {
		s.anomalies = append(s.anomalies, Anomaly{Code: AnomalyType, Detail: "the engine cannot read a value: " + clip(err.Error())})
		return
	}
	s.anomalies = append(s.anomalies, Anomaly{Code: AnomalyType, Field: apiPath(t, wrong.Field),
		Detail: fmt.Sprintf("a JSON %s stands where the engine expects %s", wrong.Value, wrong.Type)})
}

func syntaxError(body []byte) error {
	var v json.RawMessage
	if err := json.Unmarshal(body, &v); err != nil {
		return err
	}
	return errors.New("unreadable")
}
