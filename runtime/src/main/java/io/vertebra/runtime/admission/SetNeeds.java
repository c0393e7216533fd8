package io.vertebra.runtime.admission;

import io.vertebra.config.Grant;
import io.vertebra.runtime.admission.AdmissionException.Rule;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a set's codelets are given that does more than look. Immutable.
 *
 * @param hooks by the control hook's name, the codelet that is attached there
 * @param helpers by the name of the application's helper, a codelet that calls it
 */
public record SetNeeds(Map<String, String> hooks, Map<String, String> helpers) {

    /** Copies the maps, in the order of names. */
    public SetNeeds {
        hooks = new TreeMap<>(hooks);
        helpers = new TreeMap<>(helpers);
    }

    /**
     * Holds them against a grant.
     *
     * @throws AdmissionException naming the first that it does not cover
     */
    public void require(Grant grant) throws AdmissionException {
        for (var hook : hooks.entrySet()) {
            if (!grant.allowsHook(hook.getKey())) {
                throw new AdmissionException(
                        Rule.GRANTS_HOOKS,
                        "codelet `" + hook.getValue() + "` is for control hook `" + hook.getKey() + "`, granted are "
                                + grant.hooks() + ": add it to the hooks of your role in admission.grants");
            }
        }
        for (var helper : helpers.entrySet()) {
            if (!grant.allowsHelper(helper.getKey())) {
                throw new AdmissionException(
                        Rule.GRANTS_HELPERS,
                        "codelet `" + helper.getValue() + "` calls the application's helper `" + helper.getKey()
                                + "`, granted are " + grant.helpers()
                                + ": add it to the helpers of your role in admission.grants");
            }
        }
    }
}
