package charts_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	rbacv1 "k8s.io/api/rbac/v1"
)

// onOpenShift and onKubernetes are the two platforms, with two datasources each.
const (
	onOpenShift = "platform: openshift-user-workload\n" +
		"grafana: {mode: MODE, admin: {secretName: grafana-admin}, datasources: [{name: Target, default: true}, " +
		"{name: Source, namespace: freight-old, url: 'https://thanos.example.org', token: {secretName: source-token, key: token}}]}\n"
	onKubernetes = "platform: prometheus-operator\n" +
		"grafana: {mode: MODE, admin: {secretName: grafana-admin}, exposure: ingress, ingress: {host: grafana.example.org, tlsSecretName: grafana-tls}, " +
		"datasources: [{name: Target, default: true}]}\n"
)

// grafana renders one mode on one platform, without what is there in every mode.
func grafana(t *testing.T, platform, mode string) []map[string]any {
	t.Helper()
	known := map[string]bool{}
	for _, kind := range kinds(render(t, "monitoring", strings.ReplaceAll(platform, "MODE", "none"))) {
		known[kind] = true
	}
	var objects []map[string]any
	for _, object := range render(t, "monitoring", strings.ReplaceAll(platform, "MODE", mode)) {
		if !known[kinds([]map[string]any{object})[0]] {
			objects = append(objects, object)
		}
	}
	return objects
}

// dashboardNames are the files of the chart's dashboards, without ending.
func dashboardNames(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("monitoring/files/dashboards/*.json")
	if err != nil || len(files) != 7 {
		t.Fatalf("dashboards are %v, %v", files, err)
	}
	for i, file := range files {
		files[i] = strings.TrimSuffix(filepath.Base(file), ".json")
	}
	return files
}

func TestEachModeOfGrafanaBringsItsOwnObjectsOnEitherPlatform(t *testing.T) {
	var boards, resources []string
	for _, name := range dashboardNames(t) {
		boards = append(boards, "ConfigMap/try-dashboard-"+name)
		resources = append(resources, "GrafanaDashboard/try-dashboard-"+name)
	}
	own := []string{
		"ServiceAccount/try-grafana", "Secret/try-grafana-token", "Role/try-grafana-metrics", "RoleBinding/try-grafana-metrics",
		"ConfigMap/try-grafana-service-ca",
	}
	instance := []string{"ConfigMap/try-grafana-provisioning", "PersistentVolumeClaim/try-grafana", "Deployment/try-grafana", "Service/try-grafana"}
	cases := []struct {
		name, platform, mode string
		want                 []string
	}{
		{"none on OpenShift", onOpenShift, "none", nil},
		{"none elsewhere", onKubernetes, "none", nil},
		{"a sidecar on OpenShift", onOpenShift, "sidecar", boards},
		{"a sidecar elsewhere", onKubernetes, "sidecar", boards},
		{"an operator on OpenShift", onOpenShift, "operator",
			slices.Concat(boards, resources, own, []string{"GrafanaDatasource/try-grafana-cutover-0", "GrafanaDatasource/try-grafana-cutover-1"})},
		{"an operator elsewhere", onKubernetes, "operator", slices.Concat(boards, resources, []string{"GrafanaDatasource/try-grafana-cutover-0"})},
		{"an instance on OpenShift", onOpenShift, "instance", slices.Concat(boards, own, instance, []string{"Route/try-grafana"})},
		{"an instance elsewhere", onKubernetes, "instance",
			slices.Concat(boards, instance, []string{"ServiceAccount/try-grafana", "Ingress/try-grafana"})},
	}
	for _, test := range cases {
		t.Run(test.name, func(t *testing.T) {
			objects := grafana(t, test.platform, test.mode)
			for _, object := range objects {
				checkObject(t, object)
			}
			got, want := kinds(objects), slices.Clone(test.want)
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("rendered\n\t%v\nwant\n\t%v", got, want)
			}
		})
	}
}

func TestDashboardsArriveAsTheyStand(t *testing.T) {
	for _, mode := range []string{"sidecar", "operator", "instance"} {
		objects := grafana(t, onOpenShift, mode)
		for _, name := range dashboardNames(t) {
			want, err := os.ReadFile(filepath.Join("monitoring/files/dashboards", name+".json"))
			if err != nil {
				t.Fatal(err)
			}
			object := find(t, objects, "ConfigMap/try-dashboard-"+name)
			if got := at(object, "data", name+".json"); got != string(want) {
				t.Errorf("%s, %s: the dashboard was changed on its way", mode, name)
			}
			label := at(object, "metadata", "labels", "grafana_dashboard")
			if want := map[string]any{"sidecar": "1"}[mode]; label != want {
				t.Errorf("%s, %s: label grafana_dashboard is %v, want %v", mode, name, label, want)
			}
		}
	}
	some := render(t, "monitoring", "{dashboards: {include: [migration], label: board, labelValue: 'yes', folder: Moves}, grafana: {mode: sidecar}}")
	board := find(t, some, "ConfigMap/try-dashboard-migration")
	if at(board, "metadata", "labels", "board") != "yes" || at(board, "metadata", "annotations", "grafana_folder") != "Moves" {
		t.Errorf("metadata is %v", board["metadata"])
	}
	if slices.Contains(kinds(some), "ConfigMap/try-dashboard-kafka") {
		t.Error("a dashboard that is not listed arrives as well")
	}
}

// provisioned decodes one file of the provisioning ConfigMap.
func provisioned(t *testing.T, objects []map[string]any, file string) map[string]any {
	t.Helper()
	text, _ := at(find(t, objects, "ConfigMap/try-grafana-provisioning"), "data", file).(string)
	var value map[string]any
	if err := yaml.Unmarshal([]byte(text), &value); err != nil || value == nil {
		t.Fatalf("%s: %v\n%s", file, err, text)
	}
	return value
}

// grafanaEnvironment gives the container's variables that come from elsewhere, as KIND NAME KEY.
func grafanaEnvironment(t *testing.T, objects []map[string]any) map[string]string {
	t.Helper()
	variables := map[string]string{}
	list, _ := at(find(t, objects, "Deployment/try-grafana"), "spec", "template", "spec", "containers", 0, "env").([]any)
	for _, entry := range list {
		name := at(entry, "name").(string)
		if _, twice := variables[name]; twice {
			t.Errorf("%s is set twice", name)
		}
		variables[name], _ = at(entry, "value").(string)
		for _, kind := range []string{"secretKeyRef", "configMapKeyRef"} {
			if reference := at(entry, "valueFrom", kind); reference != nil {
				variables[name] = kind + " " + at(reference, "name").(string) + " " + at(reference, "key").(string)
			}
		}
	}
	return variables
}

func TestDatasourcesAskWithTheRightCredentials(t *testing.T) {
	thanos := "https://thanos-querier.openshift-monitoring.svc.cluster.local:"
	cases := []struct {
		name, values string
		want         map[string]any
		variables    map[string]string
	}{
		{"one namespace on OpenShift, by the port for it, as Grafana's own account",
			"{platform: openshift-user-workload, grafana: {mode: instance, admin: {secretName: a}}}",
			map[string]any{
				"name": "Cutover", "uid": "cutover-0", "type": "prometheus", "access": "proxy", "url": thanos + "9092", "isDefault": true, "editable": false,
				"jsonData": map[string]any{
					"httpMethod": "GET", "timeInterval": "30s", "customQueryParameters": "namespace=freight", "httpHeaderName1": "Authorization", "tlsAuthWithCACert": true,
				},
				"secureJsonData": map[string]any{"httpHeaderValue1": "Bearer ${DATASOURCE_0_TOKEN}", "tlsCACert": "${DATASOURCE_0_CA}"},
			},
			map[string]string{"DATASOURCE_0_TOKEN": "secretKeyRef try-grafana-token token", "DATASOURCE_0_CA": "configMapKeyRef try-grafana-service-ca service-ca.crt"}},
		{"all namespaces on OpenShift",
			"{platform: openshift-user-workload, grafana: {mode: instance, admin: {secretName: a}, datasources: [{name: All, uid: all, namespace: '*'}]}}",
			map[string]any{
				"name": "All", "uid": "all", "type": "prometheus", "access": "proxy", "url": thanos + "9091", "isDefault": true, "editable": false,
				"jsonData":       map[string]any{"httpMethod": "POST", "timeInterval": "30s", "httpHeaderName1": "Authorization", "tlsAuthWithCACert": true},
				"secureJsonData": map[string]any{"httpHeaderValue1": "Bearer ${DATASOURCE_0_TOKEN}", "tlsCACert": "${DATASOURCE_0_CA}"},
			},
			map[string]string{"DATASOURCE_0_TOKEN": "secretKeyRef try-grafana-token token"}},
		{"the operator's Prometheus elsewhere, which asks for nothing", "grafana: {mode: instance, admin: {secretName: a}}",
			map[string]any{
				"name": "Cutover", "uid": "cutover-0", "type": "prometheus", "access": "proxy", "url": "http://prometheus-operated.freight.svc:9090", "isDefault": true,
				"editable": false, "jsonData": map[string]any{"httpMethod": "POST", "timeInterval": "30s"},
			},
			map[string]string{"DATASOURCE_0_TOKEN": "", "DATASOURCE_0_CA": ""}},
		{"another cluster's, with a token and an authority of its own",
			"grafana: {mode: instance, admin: {secretName: a}, datasources: [{name: Old, url: 'https://thanos.old', namespace: kafka, " +
				"token: {secretName: old, key: t}, ca: {configMapName: old-ca, key: ca.crt}}]}",
			map[string]any{
				"name": "Old", "uid": "cutover-0", "type": "prometheus", "access": "proxy", "url": "https://thanos.old", "isDefault": true, "editable": false,
				"jsonData": map[string]any{
					"httpMethod": "GET", "timeInterval": "30s", "customQueryParameters": "namespace=kafka", "httpHeaderName1": "Authorization", "tlsAuthWithCACert": true,
				},
				"secureJsonData": map[string]any{"httpHeaderValue1": "Bearer ${DATASOURCE_0_TOKEN}", "tlsCACert": "${DATASOURCE_0_CA}"},
			},
			map[string]string{"DATASOURCE_0_TOKEN": "secretKeyRef old t", "DATASOURCE_0_CA": "configMapKeyRef old-ca ca.crt"}},
	}
	for _, test := range cases {
		t.Run(test.name, func(t *testing.T) {
			objects := render(t, "monitoring", test.values)
			if got := at(provisioned(t, objects, "datasources.yaml"), "datasources", 0); !reflect.DeepEqual(got, test.want) {
				t.Errorf("datasource is\n\t%v\nwant\n\t%v", got, test.want)
			}
			variables := grafanaEnvironment(t, objects)
			for name, want := range test.variables {
				if variables[name] != want {
					t.Errorf("%s is %q, want %q", name, variables[name], want)
				}
			}
		})
	}
}

func TestTheOperatorsDatasourcesTakeTokensFromSecrets(t *testing.T) {
	objects := grafana(t, onOpenShift, "operator")
	source := find(t, objects, "GrafanaDatasource/try-grafana-cutover-1")
	values := []any{map[string]any{
		"targetPath": "secureJsonData.httpHeaderValue1",
		"valueFrom":  map[string]any{"secretKeyRef": map[string]any{"name": "source-token", "key": "token"}},
	}}
	if got := at(source, "spec", "valuesFrom"); !reflect.DeepEqual(got, values) {
		t.Errorf("valuesFrom is %v", got)
	}
	if got := at(source, "spec", "datasource", "secureJsonData", "httpHeaderValue1"); got != "Bearer ${token}" {
		t.Errorf("the header is %v", got)
	}
	board := find(t, objects, "GrafanaDashboard/try-dashboard-kafka")
	if got := at(board, "spec", "configMapRef"); !reflect.DeepEqual(got, map[string]any{"name": "try-dashboard-kafka", "key": "kafka.json"}) {
		t.Errorf("configMapRef is %v", got)
	}
	for _, object := range []map[string]any{source, board} {
		if got := at(object, "spec", "instanceSelector", "matchLabels"); !reflect.DeepEqual(got, map[string]any{"dashboards": "grafana"}) {
			t.Errorf("instanceSelector is %v", got)
		}
	}
}

func TestEachNamespaceThatIsAskedForHasItsRole(t *testing.T) {
	objects := render(t, "monitoring", "{platform: openshift-user-workload, grafana: {mode: instance, admin: {secretName: a}, "+
		"datasources: [{name: A}, {name: B, namespace: old-kafka}, {name: C, namespace: '*'}]}}")
	homes := map[string]bool{}
	for i, kind := range kinds(objects) {
		if kind == "Role/try-grafana-metrics" {
			homes[namespace(objects[i])] = true
			want := []any{map[string]any{"apiGroups": []any{"metrics.k8s.io"}, "resources": []any{"pods"}, "verbs": []any{"get"}}}
			if !reflect.DeepEqual(objects[i]["rules"], want) {
				t.Errorf("rules are %v", objects[i]["rules"])
			}
		}
		if strings.HasPrefix(kind, "ClusterRole") {
			t.Errorf("there is a %s, which a migration has no right to", kind)
		}
	}
	if !reflect.DeepEqual(homes, map[string]bool{"freight": true, "old-kafka": true}) {
		t.Errorf("roles stand in %v", homes)
	}
}

const contacts = "contactPoints: [{name: team, type: slack, settings: {recipient: '#kafka $1', mentionUsers: u1}, " +
	"secretSettings: {url: {secretName: slack, key: hook}}}, {name: plain, type: email, settings: {addresses: a@example.org}}, " +
	"{name: hidden, type: webhook, secretSettings: {url: {secretName: hidden, key: hook}}}]"

func TestContactPointsReferToSecrets(t *testing.T) {
	objects := render(t, "monitoring", "grafana: {mode: instance, admin: {secretName: a}, "+contacts+"}")
	alerting := provisioned(t, objects, "alerting.yaml")
	want := map[string]any{"recipient": "#kafka $$1", "mentionUsers": "u1", "url": "${CONTACT_0_URL}"}
	if got := at(alerting, "contactPoints", 0, "receivers", 0, "settings"); !reflect.DeepEqual(got, want) {
		t.Errorf("settings are %v, want %v", got, want)
	}
	if got := at(alerting, "policies", 0, "receiver"); got != "team" {
		t.Errorf("the policy's receiver is %v", got)
	}
	if got := grafanaEnvironment(t, objects)["CONTACT_0_URL"]; got != "secretKeyRef slack hook" {
		t.Errorf("CONTACT_0_URL is %q", got)
	}
	point := find(t, render(t, "monitoring", "grafana: {mode: operator, "+contacts+"}"), "GrafanaContactPoint/try-grafana-team")
	reference := map[string]any{"targetPath": "url", "valueFrom": map[string]any{"secretKeyRef": map[string]any{"name": "slack", "key": "hook"}}}
	if got := at(point, "spec", "valuesFrom"); !reflect.DeepEqual(got, []any{reference}) {
		t.Errorf("valuesFrom is %v", got)
	}
}

func TestGrafanasPodIsRestrictedOnEitherPlatform(t *testing.T) {
	cases := []struct {
		name, platform string
		security       map[string]any
		containers     int
		token          bool
	}{
		{"OpenShift chooses the user", onOpenShift, map[string]any{"runAsNonRoot": true}, 2, true},
		{"user 472 elsewhere", onKubernetes, map[string]any{
			"runAsNonRoot": true, "runAsUser": 472, "runAsGroup": 472, "fsGroup": 472, "seccompProfile": map[string]any{"type": "RuntimeDefault"},
		}, 1, false},
	}
	for _, test := range cases {
		t.Run(test.name, func(t *testing.T) {
			deployment := find(t, grafana(t, test.platform, "instance"), "Deployment/try-grafana")
			if got := at(deployment, "spec", "strategy", "type"); got != "Recreate" {
				t.Errorf("strategy is %v", got)
			}
			pod := at(deployment, "spec", "template", "spec")
			if got := at(pod, "securityContext"); !reflect.DeepEqual(got, test.security) {
				t.Errorf("securityContext is %v", got)
			}
			if at(pod, "automountServiceAccountToken") != test.token {
				t.Errorf("automountServiceAccountToken is %v", at(pod, "automountServiceAccountToken"))
			}
			labels, _ := at(deployment, "spec", "template", "metadata", "labels").(map[string]any)
			for key, value := range at(deployment, "spec", "selector", "matchLabels").(map[string]any) {
				if labels[key] != value {
					t.Errorf("the selector's %s is %v, the pod's %v", key, value, labels[key])
				}
			}
			containers := at(pod, "containers").([]any)
			if len(containers) != test.containers {
				t.Fatalf("there are %d containers", len(containers))
			}
			for _, container := range containers {
				context := at(container, "securityContext")
				if at(context, "allowPrivilegeEscalation") != false || at(context, "readOnlyRootFilesystem") != true || at(container, "resources", "limits", "memory") == nil {
					t.Errorf("%v is not restricted: %v", at(container, "name"), context)
				}
			}
			last := containers[len(containers)-1]
			for _, probe := range []string{"startupProbe", "readinessProbe", "livenessProbe"} {
				if at(last, probe, "httpGet", "path") != "/api/health" {
					t.Errorf("%s is %v", probe, at(last, probe))
				}
			}
		})
	}
}

func TestBehindARouteOnlyTheProxyReachesGrafana(t *testing.T) {
	objects := grafana(t, onOpenShift, "instance")
	variables := grafanaEnvironment(t, objects)
	for name, want := range map[string]string{
		"GF_SERVER_HTTP_ADDR": "127.0.0.1", "GF_AUTH_PROXY_ENABLED": "true", "GF_AUTH_PROXY_WHITELIST": "127.0.0.1", "GF_USERS_AUTO_ASSIGN_ORG_ROLE": "Viewer",
		"GF_SECURITY_ADMIN_PASSWORD": "secretKeyRef grafana-admin admin-password",
	} {
		if variables[name] != want {
			t.Errorf("%s is %q, want %q", name, variables[name], want)
		}
	}
	arguments, _ := at(find(t, objects, "Deployment/try-grafana"), "spec", "template", "spec", "containers", 1, "args").([]any)
	for _, want := range []string{
		"--upstream=http://127.0.0.1:3000", "--openshift-service-account=try-grafana", "--skip-auth-regex=^/api/health$",
		`--openshift-sar={"name":"try-grafana","namespace":"freight","resource":"services","verb":"get"}`,
	} {
		if !slices.Contains(arguments, any(want)) {
			t.Errorf("no argument %s in %v", want, arguments)
		}
	}
	text, _ := at(find(t, objects, "ServiceAccount/try-grafana"), "metadata", "annotations", "serviceaccounts.openshift.io/oauth-redirectreference.grafana").(string)
	var redirect struct{ Reference struct{ Kind, Name string } }
	if err := json.Unmarshal([]byte(text), &redirect); err != nil || redirect.Reference.Kind != "Route" || redirect.Reference.Name != "try-grafana" {
		t.Errorf("the redirect reference is %s (%v)", text, err)
	}
	if got := at(find(t, objects, "Route/try-grafana"), "spec", "tls", "termination"); got != "reencrypt" {
		t.Errorf("the route's termination is %v", got)
	}
}

func TestANetworkPolicyLetsOnlyTheNamedIn(t *testing.T) {
	objects := render(t, "monitoring", "grafana: {mode: instance, admin: {secretName: a}, networkPolicy: {create: true, from: [{podSelector: {}}]}}")
	policy := find(t, objects, "NetworkPolicy/try-grafana")
	want := []any{map[string]any{"from": []any{map[string]any{"podSelector": map[string]any{}}}, "ports": []any{map[string]any{"protocol": "TCP", "port": "http"}}}}
	if got := at(policy, "spec", "ingress"); !reflect.DeepEqual(got, want) {
		t.Errorf("ingress is %v", got)
	}
}

func TestGrafanasValuesHoldNoSecretAndLackNone(t *testing.T) {
	cases := []struct{ name, values, mention string }{
		{"an instance without an administrator's Secret", "grafana: {mode: instance}", "secretName"},
		{"an Ingress without a host", "grafana: {mode: instance, admin: {secretName: a}, exposure: ingress}", "host"},
		{"a network policy that lets everybody in", "grafana: {networkPolicy: {create: true}}", "from"},
		{"a webhook among the settings", "grafana: {contactPoints: [{name: a, type: slack, settings: {url: 'https://hooks.example.org/T0'}}]}", "url"},
		{"a password among the settings", "grafana: {contactPoints: [{name: a, type: webhook, settings: {password: x}}]}", "password"},
		{"a token in a datasource's url", "grafana: {datasources: [{name: a, url: 'https://me:secret@thanos'}]}", "url"},
		{"a token that is no reference", "grafana: {datasources: [{name: a, token: eyJhbGciOi}]}", "token"},
		{"a dashboard that does not exist", "dashboards: {include: [bridge]}", "include"},
	}
	for _, test := range cases {
		t.Run(test.name, func(t *testing.T) {
			if _, err := tryRender(t, "monitoring", test.values); err == nil || !strings.Contains(err.Error(), test.mention) {
				t.Errorf("the error does not mention %q: %v", test.mention, err)
			}
		})
	}
	for _, object := range grafana(t, onOpenShift, "instance") {
		if object["kind"] == "Secret" && (object["data"] != nil || object["stringData"] != nil) {
			t.Errorf("a Secret has a value: %v", object["metadata"])
		}
	}
}

func TestKubernetesOwnTypesHaveEveryFieldOfGrafanasObjects(t *testing.T) {
	types := map[string]func() any{
		"ConfigMap": func() any { return &corev1.ConfigMap{} }, "Secret": func() any { return &corev1.Secret{} },
		"Service": func() any { return &corev1.Service{} }, "ServiceAccount": func() any { return &corev1.ServiceAccount{} },
		"PersistentVolumeClaim": func() any { return &corev1.PersistentVolumeClaim{} }, "Deployment": func() any { return &appsv1.Deployment{} },
		"Ingress": func() any { return &networkingv1.Ingress{} }, "NetworkPolicy": func() any { return &networkingv1.NetworkPolicy{} },
		"Role": func() any { return &rbacv1.Role{} }, "RoleBinding": func() any { return &rbacv1.RoleBinding{} },
	}
	// Neither OpenShift nor the Grafana operator is among Kubernetes' types.
	foreign := []string{"Route", "GrafanaDashboard", "GrafanaDatasource", "GrafanaContactPoint"}
	for _, mode := range []string{"sidecar", "operator", "instance"} {
		for _, platform := range []string{onOpenShift, onKubernetes} {
			for _, object := range grafana(t, platform, mode) {
				kind := object["kind"].(string)
				if slices.Contains(foreign, kind) {
					continue
				}
				text, err := json.Marshal(object)
				if err != nil {
					t.Fatal(err)
				}
				decoder := json.NewDecoder(bytes.NewReader(text))
				decoder.DisallowUnknownFields()
				if err := decoder.Decode(types[kind]()); err != nil {
					t.Errorf("%s: %v", kinds([]map[string]any{object})[0], err)
				}
			}
		}
	}
}
