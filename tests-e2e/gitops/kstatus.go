package main

import (
	"encoding/json"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/cli-utils/pkg/kstatus/status"
)

func kstatus(object map[string]any) (string, string, error) {
	// Once more through the API's own decoder, which tells integers from floats.
	text, err := json.Marshal(object)
	if err != nil {
		return "", "", err
	}
	var decoded unstructured.Unstructured
	if err := decoded.UnmarshalJSON(text); err != nil {
		return "", "", err
	}
	result, err := status.Compute(&decoded)
	if err != nil {
		return "", "", err
	}
	return result.Status.String(), result.Message, nil
}
