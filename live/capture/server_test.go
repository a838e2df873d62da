package capture_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"

	"cutover/live/capture"
)

// apiServer answers as a Kubernetes API server of the age of 1.11 does: discovery group by
// group, lists in pages that expire.
type apiServer struct {
	t *testing.T
	// objects are served by their path within a namespace: "apis/apps/v1 deployments".
	objects map[string][]string
	// forbidden are paths that are answered with 403, failing such that are with their code.
	forbidden map[string]bool
	failing   map[string]int
	// limit bounds a page; expire has the second page of every list expire once, with a
	// token to go on by where the server has those.
	limit         int
	expire, goOn  bool
	mutex         sync.Mutex
	asked         []string
	expiredBefore map[string]bool
}

func (s *apiServer) start() capture.Kubernetes {
	s.t.Helper()
	s.expiredBefore = make(map[string]bool)
	server := httptest.NewServer(s)
	s.t.Cleanup(server.Close)
	config := &rest.Config{Host: server.URL, QPS: -1}
	kinds, err := discovery.NewDiscoveryClientForConfig(config)
	if err != nil {
		s.t.Fatal(err)
	}
	objects, err := dynamic.NewForConfig(config)
	if err != nil {
		s.t.Fatal(err)
	}
	return capture.Kubernetes{Kinds: kinds, Objects: objects, Namespace: "kafka"}
}

// served are the kinds of a server: group and version, plural, kind.
func served() [][3]string {
	return [][3]string{
		{"v1", "secrets", "Secret"}, {"v1", "configmaps", "ConfigMap"}, {"v1", "services", "Service"}, {"v1", "pods", "Pod"},
		{"apps/v1", "deployments", "Deployment"}, {"extensions/v1beta1", "deployments", "Deployment"},
		{"kafka.strimzi.io/v1beta1", "kafkas", "Kafka"}, {"kafka.strimzi.io/v1beta1", "kafkatopics", "KafkaTopic"}, {"kafka.strimzi.io/v1beta1", "kafkausers", "KafkaUser"},
		{"metrics.k8s.io/v1beta1", "pods", "PodMetrics"},
	}
}

func (s *apiServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	path := strings.Trim(r.URL.Path, "/")
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.asked = append(s.asked, r.Method+" "+r.URL.RequestURI())
	switch {
	case s.failing[path] != 0:
		s.refuse(w, s.failing[path], metav1.StatusReasonServiceUnavailable, "")
	case path == "api":
		fmt.Fprint(w, `{"kind":"APIVersions","versions":["v1"]}`)
	case path == "apis":
		s.groups(w)
	case s.forbidden[path]:
		s.refuse(w, http.StatusForbidden, metav1.StatusReasonForbidden, "")
	case !s.resources(w, path):
		s.list(w, r, path)
	}
}

func (s *apiServer) groups(w http.ResponseWriter) {
	list := metav1.APIGroupList{TypeMeta: metav1.TypeMeta{Kind: "APIGroupList", APIVersion: "v1"}}
	seen := make(map[string]bool)
	for _, one := range served() {
		group, version, found := strings.Cut(one[0], "/")
		if !found || seen[group] {
			continue
		}
		seen[group] = true
		v := metav1.GroupVersionForDiscovery{GroupVersion: one[0], Version: version}
		list.Groups = append(list.Groups, metav1.APIGroup{Name: group, Versions: []metav1.GroupVersionForDiscovery{v}, PreferredVersion: v})
	}
	s.write(w, list)
}

func (s *apiServer) resources(w http.ResponseWriter, path string) bool {
	version := strings.TrimPrefix(strings.TrimPrefix(path, "apis/"), "api/")
	list := metav1.APIResourceList{TypeMeta: metav1.TypeMeta{Kind: "APIResourceList", APIVersion: "v1"}, GroupVersion: version}
	for _, one := range served() {
		if one[0] == version {
			list.APIResources = append(list.APIResources, metav1.APIResource{Name: one[1], Kind: one[2], Namespaced: true, Verbs: []string{"get", "list"}},
				metav1.APIResource{Name: one[1] + "/status", Kind: one[2], Namespaced: true, Verbs: []string{"get"}})
		}
	}
	if len(list.APIResources) == 0 {
		return false
	}
	s.write(w, list)
	return true
}

// list answers with a page. Its token is the number of the first object.
func (s *apiServer) list(w http.ResponseWriter, r *http.Request, path string) {
	first := 0
	if token := r.URL.Query().Get("continue"); token != "" {
		if s.expire && !s.expiredBefore[path] {
			s.expiredBefore[path] = true
			goOn := ""
			if s.goOn {
				goOn = token
			}
			s.refuse(w, http.StatusGone, metav1.StatusReasonExpired, goOn)
			return
		}
		fmt.Sscan(token, &first)
	}
	all := s.objects[path]
	last := len(all)
	if limit := s.limit; limit > 0 && r.URL.Query().Get("limit") != "" {
		last = min(first+limit, last)
	}
	metadata := `{}`
	if last < len(all) {
		metadata = fmt.Sprintf(`{"continue":"%d"}`, last)
	}
	kind := "List"
	for _, one := range served() {
		if strings.HasSuffix(path, "/"+one[1]) {
			kind = one[2] + "List"
		}
	}
	fmt.Fprintf(w, `{"kind":%q,"apiVersion":"v1","metadata":%s,"items":[%s]}`, kind, metadata, strings.Join(all[first:last], ","))
}

func (s *apiServer) refuse(w http.ResponseWriter, code int, reason metav1.StatusReason, goOn string) {
	w.WriteHeader(code)
	s.write(w, metav1.Status{TypeMeta: metav1.TypeMeta{Kind: "Status", APIVersion: "v1"}, ListMeta: metav1.ListMeta{Continue: goOn}, Status: "Failure", Reason: reason, Code: int32(code)})
}

func (s *apiServer) write(w http.ResponseWriter, value any) {
	if err := json.NewEncoder(w).Encode(value); err != nil {
		s.t.Error(err)
	}
}
