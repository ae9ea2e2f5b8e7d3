"""What rules are told: parameters, levers in force, the moment, and a support programme.

Made by `python -m shaanxi_transfer.studies.upkeep.describe_types agents`; do not edit.
"""

from typing import Protocol

class Parameters(Protocol):
    """Parameters of behaviour in force, or those that a family reads."""

    alliance_order_additional: float
    """Share of orders in alliances that would not be placed otherwise (fraction)."""
    alliance_order_value: float
    """Value of an order for development in an alliance (yuan)."""
    alliance_tie_gain: float
    """Share of members' searches that turn to a known partner (fraction)."""
    autonomy_gain: float
    """Share of what approval stops that comes forward when lead experts decide (fraction)."""
    bank_approval_share: float
    """Share of recommended loans that banks approve (fraction)."""
    bank_capacity: float
    """Technology loans that one bank will grant a year (yuan/year)."""
    bank_join_hazard: float
    """Chance a year that a bank joins the compensation programme (per year)."""
    bank_learning: float
    """Rise of a bank's threshold per unit of loss above the tolerated (points)."""
    bank_score_threshold: float
    """Score above which a bank lends, without compensation (points)."""
    bank_tolerated_loss: float
    """Own losses that a bank tolerates on technology loans (fraction)."""
    banks: float
    """Banks that lend to technology firms (count)."""
    base_gain_capital: float
    """Bought results that a base in the capital's zones pilots and nobody else would have (fraction)."""
    base_gain_elsewhere: float
    """Bought results that a base in other zones pilots and nobody else would have (fraction)."""
    base_pilots_capital: float
    """From levers alone, see levers_in_force.outcome_in_bases."""
    base_pilots_elsewhere: float
    """From levers alone, see levers_in_force.outcome_in_bases."""
    branch_capacity: float
    """From levers alone, see levers_in_force.access_to_loans."""
    broker_bypass: float
    """Brokered contracts that the parties conclude behind the broker's back (fraction)."""
    broker_cash_per_person: float
    """Money that a broker keeps for each of its people (yuan)."""
    broker_deals_per_person: float
    """Deals closed per full-time broker and year (per person and year)."""
    broker_exit: float
    """Yearly chance that a broker closes (per year)."""
    broker_fee_share: float
    """Fee of a broker over the contract's value (fraction)."""
    broker_fund_clients: float
    """Clients with a result that a person at a broker with a fund can show it a year (per person and
    year)."""
    broker_hiring: float
    """Yearly chance that a vacancy at a broker is filled (per year)."""
    broker_learning_years: float
    """Person-years after which a broker finds half of what experienced people find (years)."""
    broker_other_field: float
    """What a broker finds outside its field, relative to its own (multiple)."""
    broker_staff_mean: float
    """Full-time staff of a transfer institution (people)."""
    broker_success: float
    """Clients for whom an experienced broker of their field finds a partner within a quarter (fraction)."""
    brokers_2010: float
    """Technology-transfer institutions, 2010 (count)."""
    brokers_founded_reference: float
    """Level of the lever brokers_founded in history (count/year)."""
    buyers_recorded_from: float
    """Date from which the buyers' province is recorded in full (date)."""
    capital_pull: float
    """Pull of the capital on great sellers of technology (multiple)."""
    centre_pilots_per_year: float
    """Pilot tests of a joint centre a year (count/year)."""
    certificate_cost: float
    """Cost of applying for a certificate and keeping it (yuan)."""
    certification_factor_after_2016: float
    """Factor on the certification hazard after the rules of 2016 (multiple)."""
    certification_hazard: float
    """Yearly chance that an eligible firm gets certified, before 2016 (per year)."""
    certification_opens: float
    """Date of the first rules of certification (date)."""
    certification_renewal: float
    """Share of certificates renewed after three years (fraction)."""
    certification_revision: float
    """Date of the revised rules of certification (date)."""
    certified_2010: float
    """Certified high-tech firms, 2010 (count)."""
    chain_maturity_gain: float
    """Share of results that integrated programmes make ripe enough to need no pilot (fraction)."""
    chain_relevance_gain: float
    """Share of other results that integrated programmes turn to the fields of needs (fraction)."""
    challenge_grant: float
    """Public part of one challenge tender (yuan)."""
    city_fund_size: float
    """Public money paid into a fund of a city or district when it is founded (yuan)."""
    classified_share_military: float
    """Share of military units' results that are classified at birth (fraction)."""
    commission_intensity_institute: float
    """Commissions received by institutes over their R&D (multiple)."""
    commission_intensity_military: float
    """Commissions received by military units over their R&D (multiple)."""
    commission_intensity_university: float
    """Commissions received by universities over their R&D (multiple)."""
    commission_ln_sd: float
    """Standard deviation of the log value of a commission to a producer (ln)."""
    commission_local_share: float
    """Share of commissions to producers that comes from the province (fraction)."""
    commission_mean_value_institute: float
    """Mean value of a commission of an institute (yuan)."""
    commission_mean_value_military: float
    """Mean value of a commission of a military unit (yuan)."""
    commission_mean_value_university: float
    """Mean value of a commission of a university (yuan)."""
    commission_registered_share: float
    """Share of commissions of universities and institutes that is registered (fraction)."""
    commission_registered_start: float
    """Share of the long-run registration of producers reached in 2010 (fraction)."""
    commission_result_share: float
    """Development commissions of enterprises that build on an existing result of the seller (fraction)."""
    common_luck_fiscal_science: float
    """Part of the luck of public science spending that all provinces share (fraction)."""
    common_luck_output: float
    """Part of the luck of the province's output that all provinces share (fraction)."""
    common_luck_rd: float
    """Part of the luck of the province's R&D that all provinces share (fraction)."""
    compensation_enrolment: float
    """Share of loans made anyway that a member bank puts under the programme (fraction)."""
    compensation_leverage: float
    """Loans outstanding per yuan of compensation pool that banks accept (multiple)."""
    compensation_threshold_effect: float
    """Fall of the bank's score threshold per unit of loss borne by government (points)."""
    contest_prize: float
    """Prize of a contest (yuan)."""
    contract_value_cap: float
    """Largest value of one contract (yuan)."""
    contract_value_ln_sd: float
    """Standard deviation of ln contract value within one seller (ln)."""
    county_grant: float
    """Public part of one contract of a county with a university or institute (yuan)."""
    cross_field_share: float
    """Share of needs that a neighbouring field can serve (fraction)."""
    cultivation_subsidy: float
    """Subsidy for a firm newly certified with help (yuan)."""
    declassification_years: float
    """Years until a classified result is opened without a lever (years)."""
    delay_geometric_mean: float
    """Median delay from a result to its contract (years)."""
    delay_ln_sd: float
    """Standard deviation of ln delay from a result to its contract (ln)."""
    demonstration_certifications_reference: float
    """Level of the lever demonstration_certifications in history (count/year)."""
    demonstration_exit: float
    """Yearly chance that a demonstration institution loses its status (per year)."""
    demonstration_institutions_2017: float
    """Demonstration institutions certified by the province, end of 2017 (count)."""
    demonstration_min_deals: float
    """Deals that a demonstration institution must have signed (contracts)."""
    demonstration_min_staff: float
    """People that a demonstration institution must have (people)."""
    demonstration_min_years: float
    """Years that a demonstration institution must have worked (years)."""
    demonstration_review: float
    """Highest yearly chance of a candidate to be certified (per year)."""
    demonstration_share_2017: float
    """Share of brokers that are demonstration institutions, end of 2017 (fraction)."""
    demonstration_trust: float
    """What a certificate adds to a broker's standing among clients (multiple)."""
    disclosure_before: float
    """From levers alone, see levers_in_force.willingness_to_disclose."""
    disclosure_probability: float
    """Chance that an inventor discloses a result at present rules (fraction)."""
    disclosure_threshold: float
    """Inventor's share of income at which responsive inventors start to disclose (fraction)."""
    disclosure_threshold_share: float
    """Share of inventors who respond to a higher share (fraction)."""
    dispatched_service_value: float
    """Allowance for one service of a dispatched scientist (yuan)."""
    dispatched_services_per_year: float
    """Services of a dispatched scientist a year that are contracts (contracts/year)."""
    distance_decay_km: float
    """Distance over which university knowledge flows fall sharply (km)."""
    distance_floor: float
    """Chance of being found at any distance, relative to next door (fraction)."""
    drift_sd_national_count: float
    """Uncertainty of the drift of the number of contracts elsewhere (per year)."""
    drift_sd_national_value: float
    """Uncertainty of the drift of the value of contracts elsewhere (per year)."""
    drift_sd_rd: float
    """Uncertainty of the drift of the province's R&D (per year)."""
    drift_window_years: float
    """Years whose growth gives the drift of the outside paths (years)."""
    enterprise_contracts_2017: float
    """Contracts of enterprises signed in 2017, registered or not (contracts/year)."""
    entry_threshold: float
    """Value at which half of a registering seller's contracts are entered (yuan)."""
    entry_threshold_year_sd: float
    """Year effect of the entry threshold, standard deviation of ln (ln)."""
    evaluation_gain: float
    """Share of what evaluation stops that other methods of evaluation let pass (fraction)."""
    exit_hazard_later: float
    """Exit hazard of firms in years four to seven (per year)."""
    exit_hazard_old: float
    """Exit hazard of firms older than seven years (per year)."""
    exit_hazard_year_1: float
    """Exit hazard of firms in their first year (per year)."""
    exit_hazard_year_2: float
    """Exit hazard of firms in their second year (per year)."""
    exit_hazard_year_3: float
    """Exit hazard of firms in their third year (peak) (per year)."""
    exit_size_factor_large: float
    """Exit hazard of a large firm over that of a small one (multiple)."""
    fast_grower_gain: float
    """Lasting gain in size of a gazelle with a research project (ln)."""
    fast_grower_grant: float
    """Research project for a gazelle (yuan)."""
    firm_cash_ratio: float
    """Cash held by a firm over its yearly revenue (fraction)."""
    firm_cash_rebuild_rate: float
    """Rate at which a firm makes good what a purchase took from its cash (per year)."""
    firm_margin: float
    """Profit of a firm over its revenue (fraction)."""
    firm_mean_revenue: float
    """Yearly revenue of a technology firm of average size, 2017 (yuan/year)."""
    firm_size_ln_sd: float
    """Standard deviation of ln firm size (ln)."""
    firms_2010_share: float
    """Technology firms in 2010 as a share of 2017 (fraction)."""
    first_contact: float
    """From levers alone, see levers_in_force.search_for_partners."""
    focus_reach: float
    """Founders for whom a sub-fund that looks for research first brings the capital (fraction)."""
    founder_capital: float
    """Capital that a founder without an investor brings, in yuan of 2017 (yuan)."""
    founder_career_cost: float
    """Career that a founder puts at risk, in yuan of 2017 (yuan)."""
    founder_financed_share: float
    """From levers alone, see levers_in_force.founding_of_firms."""
    founder_reluctance_ln_sd: float
    """Spread among inventors of what the same cost of founding means to them (ln)."""
    founder_subsidy_offered: float
    """From levers alone, see levers_in_force.founding_of_firms."""
    founder_usual_cost: float
    """From levers alone, see levers_in_force.founding_of_firms."""
    founding_approval_years: float
    """Time that approval of a founding takes (years)."""
    founding_approved_share: float
    """Foundings and owners' ventures approved where approval is asked for (fraction)."""
    founding_delay_geometric_mean: float
    """Median delay from a result to its inventor's decision to found (years)."""
    founding_delay_ln_sd: float
    """Standard deviation of ln delay to the decision to found (ln)."""
    founding_share: float
    """Results worth founding a firm on, at a third of the firm for the inventor (fraction)."""
    frontier_share: float
    """Share of producers' results in frontier fields with a platform (fraction)."""
    fund_angel_size: float
    """Capital of the sub-fund in which the ticket was observed (yuan)."""
    fund_central_share: float
    """Share of the central government in the capital called social (fraction)."""
    fund_city_share: float
    """Share of cities and districts in the capital called social (fraction)."""
    fund_closing_quarters: float
    """Quarters from the start of fund-raising to closing (quarters)."""
    fund_crowd_in: float
    """Private yuan crowded in by one public yuan (causal) (multiple)."""
    fund_deployment_per_year: float
    """Share of a sub-fund invested in its first year (fraction)."""
    fund_equity_growth: float
    """Gain in ln size of a firm that gets a privately led fund, wearing off as sizes drift (ln)."""
    fund_equity_growth_public: float
    """Gain in ln size of a firm that gets a publicly led fund, wearing off as sizes drift (ln)."""
    fund_exit_failure_recovery: float
    """Proceeds over cost of an unsuccessful exit (fraction)."""
    fund_exit_multiple: float
    """Proceeds over cost of a successful exit (multiple)."""
    fund_exit_multiple_ln_sd: float
    """Standard deviation of ln proceeds of a successful exit (ln)."""
    fund_exit_success_probability: float
    """Chance that an investment is sold at a gain (fraction)."""
    fund_fill_rate: float
    """Capital raised over the registered target of guidance funds (fraction)."""
    fund_hard_cap: float
    """Most that partners sign of what a sub-fund announced (multiple)."""
    fund_holding_years: float
    """Years that a fund holds a stake (years)."""
    fund_invested_share: float
    """Share of a fund's capital that is invested in the end (fraction)."""
    fund_least_size: float
    """Least capital with which a sub-fund is founded (yuan)."""
    fund_life_years: float
    """Life of a sub-fund (years)."""
    fund_meets_target_share: float
    """Share of guidance sub-funds that reach the size announced (fraction)."""
    fund_new_where_none_share: float
    """Part of partners' money in public funds that is new where other venture funds have no open promises to
    move (fraction)."""
    fund_paying_years: float
    """Years from founding in which partners pay in what they signed (years)."""
    fund_private_share: float
    """Share of private partners in the capital called social (fraction)."""
    fund_reference_size: float
    """Aim of the guidance fund under which sub-funds were of the usual size (yuan)."""
    fund_refilled_share: float
    """Part of the government's money paid to sub-funds that is appropriated anew while the aim stands
    (fraction)."""
    fund_size_elasticity: float
    """Elasticity of what partners sign on the size announced (elasticity)."""
    fund_sources_ln_sd: float
    """Spread of a fund's ratio, and of the weights of its sources, in ln (ln)."""
    fund_state_displaces: float
    """Part of state firms' money in public funds that other venture funds lose (fraction)."""
    fund_state_share: float
    """Share of state firms and other public bodies in the capital called social (fraction)."""
    fund_subfund_hazard: float
    """New sub-funds of the guidance fund a year, 2013-2017 (count/year)."""
    fund_target_ln_sd: float
    """Standard deviation of ln size of a sub-fund (ln)."""
    fund_target_size: float
    """Size of a sub-fund as signed (yuan)."""
    fund_ticket: float
    """Mean investment of a sub-fund in one firm (yuan)."""
    fund_ticket_ln_sd: float
    """Standard deviation of ln investment (ln)."""
    fund_track_record_power: float
    """Power of the track record in fund-raising (elasticity)."""
    fund_venture_age: float
    """Age up to which venture funds invest in a firm (years)."""
    gazelle_base_revenue: float
    """Revenue that a gazelle had at the beginning, at least (yuan/year)."""
    gazelle_growth: float
    """Growth of revenue a year that makes a gazelle (per year)."""
    gazelle_least_years: float
    """Years over which a gazelle has grown, at least (years)."""
    gazelle_oldest: float
    """Age of a gazelle at most (years)."""
    government_need_share: float
    """Share of inside needs posed by governments and military projects (fraction)."""
    guarantee_additionality: float
    """Share of guaranteed projects that would not have gone ahead (fraction)."""
    import_brokerage: float
    """From levers alone, see levers_in_force.search_for_partners."""
    import_mean_value_ratio: float
    """Mean value of an imported contract over an exported one (multiple)."""
    import_registration_decline: float
    """Loss of recorded inflow per year going back from 2014 (per year)."""
    import_share: float
    """Imports as a share of potential enterprise turnover (multiple)."""
    imports_follow_market: float
    """Elasticity of what is bought elsewhere on what all others sell (elasticity)."""
    incubation_admission_age: float
    """Age up to which an incubator takes a firm (years)."""
    incubation_exit_factor: float
    """Exits of tenants of incubators over those of like firms outside (multiple)."""
    incubation_growth: float
    """Growth of a firm for each year in an incubator (ln)."""
    incubation_interest: float
    """Yearly chance that a young small firm asks for a free place (per year)."""
    incubation_years: float
    """Years that a tenant stays (years)."""
    incubator_capacity_ln_sd: float
    """Standard deviation of ln places of an incubator (ln)."""
    incubator_certification_hazard: float
    """Yearly chance of an incubator of that age to reach the national level (per year)."""
    incubator_certification_years: float
    """Years before an incubator may reach the national level (years)."""
    incubator_exit_hazard: float
    """Yearly chance that an incubator closes (per year)."""
    incubator_founding_per_year: float
    """New incubators a year, 2010-2017 (count/year)."""
    incubator_oldest_2010: float
    """Age of the oldest incubator, 2010 (years)."""
    incubator_subsidy: float
    """Public subsidy for founding an incubator (yuan)."""
    incubator_tenants: float
    """Tenants of an incubator (count)."""
    incubators_2010: float
    """Incubators, 2010 (count)."""
    incubators_founded_reference: float
    """Level of the lever incubators_founded in history (count/year)."""
    instrument_grant: float
    """Public part of one service of an opened instrument (yuan)."""
    inventor_share_above_floor: float
    """What owners grant inventors of a result's price above the least share (fraction)."""
    ip_trade_gain: float
    """Relative increase of the rate at which results find a buyer outside under strong protection
    (multiple)."""
    joint_centre_grant: float
    """Yearly grant to a joint centre of a university and an enterprise (yuan/year)."""
    joint_firm_additional: float
    """Share of joint firms of military units that would not be founded otherwise (fraction)."""
    jury_foresight: float
    """Correlation of a jury's score with a firm's luck in the coming year (fraction)."""
    laboratory_gain: float
    """Share of needs met outside that laboratories here could meet (fraction)."""
    laboratory_shift: float
    """From levers alone, see levers_in_force.local_demand."""
    large_firm_share: float
    """Share of firms kept one row each (certainty stratum) (fraction)."""
    leave_relief: float
    """Part of the career cost that leave to found takes away (fraction)."""
    linkage_gain: float
    """Points that an investor adds to a firm's score with banks that lend beside funds (points)."""
    linkage_points: float
    """From levers alone, see levers_in_force.access_to_loans."""
    listing_clear_probability: float
    """Chance that a listed or auctioned idle result finds a buyer (fraction)."""
    listing_worth_share: float
    """Idle listed results that a buyer would look at (fraction)."""
    loan_amount_by_share: float
    """Rise of a loan's amount per unit of loss borne by government (fraction)."""
    loan_collateral_penalty: float
    """Loss of score for want of collateral (points)."""
    loan_collateral_share: float
    """Share of small-firm loans that need collateral (fraction)."""
    loan_default_hazard: float
    """Yearly default rate of loans to small technology firms (per year)."""
    loan_demand_hazard: float
    """Yearly chance that an eligible firm asks for a technology loan (per year)."""
    loan_growth: float
    """Gain in ln size from a project that a loan made possible, wearing off as sizes drift (ln)."""
    loan_ln_sd: float
    """Standard deviation of ln technology loan (ln)."""
    loan_mean: float
    """Mean technology loan that firms ask for (yuan)."""
    loan_rate: float
    """Interest rate on technology loans (per year)."""
    loan_revenue_share: float
    """Largest technology loan over a firm's yearly revenue (fraction)."""
    loan_score_observable: float
    """Share of the credit score that size, age and certification explain (fraction)."""
    loan_years: float
    """Term of a technology loan (years)."""
    local_share: float
    """Share of enterprise sales bought inside the province (fraction)."""
    location_response: float
    """Response of where firms enter to what a city pays a firm, relative to a firm's profit (multiple)."""
    maker_space_exit_hazard: float
    """Yearly chance that a maker space closes (per year)."""
    maker_space_founding_per_year: float
    """New maker spaces a year, 2015-2017 (count/year)."""
    maker_space_places: float
    """Teams that a maker space can hold (count)."""
    maker_space_subsidy: float
    """Public subsidy for founding a maker space (yuan)."""
    maker_spaces_2010: float
    """Maker spaces, 2010 (count)."""
    maker_spaces_founded_reference: float
    """Level of the lever maker_spaces_founded in history (count/year)."""
    matching_size_power: float
    """Power of firm size in the weight of a seller at matching (elasticity)."""
    mean_contract_value_2017: float
    """Mean contract value of a seller of average size, 2017 (yuan)."""
    mean_growth_beyond_national: float
    """Growth of mean contract value beyond the national mean (per year)."""
    mentor_cost: float
    """Cost of a mentor or a course for one founder (yuan)."""
    mentor_gain: float
    """Lasting gain in size of a firm whose founder had a mentor or a course (ln)."""
    micro_seed_ticket: float
    """Micro seed for one team (yuan)."""
    military_need_share: float
    """Share of local needs voiced by military units (fraction)."""
    military_units: float
    """Military research units (count)."""
    military_visible_share: float
    """From levers alone, see levers_in_force.result_information."""
    national_forecast: float
    """Whether the national forecast draws the contracts of all others (switch)."""
    near_development_share: float
    """Service and consulting contracts that could pass for development (fraction)."""
    need_count_elasticity: float
    """Elasticity of the number of needs on the province's R&D (elasticity)."""
    need_expiry_quarters: float
    """Quarters after which an unmet need expires (quarters)."""
    need_size_power: float
    """Number of needs, firm size to the power (elasticity)."""
    needs_pilot_share: float
    """Share of results that need further work after the deal (fraction)."""
    no_pilot_success: float
    """Chance of industrial success when the pilot is skipped (fraction)."""
    nonexclusive_price_ratio: float
    """Price of a non-exclusive licence relative to an exclusive sale (fraction)."""
    nonexclusive_share: float
    """Results whose owner licenses them to several buyers instead of selling them to one (fraction)."""
    nonexclusive_wait_years: float
    """Years until a licensed result is on offer again, mean (years)."""
    northwest_share_of_demand: float
    """Share of demand elsewhere that lies in the north-west (fraction)."""
    office_cases_per_person: float
    """Results that one person of a transfer office works on in a year (per person and year)."""
    office_cost_per_contract: float
    """Public cost of a contract that an office enters for its seller (yuan)."""
    office_entries_share: float
    """Contracts that offices can enter for sellers in a year, over enterprises' contracts of 2017
    (fraction)."""
    office_success: float
    """Results that an office brings before buyers, of those it works on for a year (fraction)."""
    one_institute_copy: float
    """Firms for a yuan of R&D of those who copy the one-institute model, relative to it (fraction)."""
    one_institute_per_billion_rd: float
    """Firms of the one institute over the R&D of all institutes (firms/billion yuan)."""
    one_institute_since: float
    """Date from which one institute founds a great many firms (date)."""
    organisation_size_ln_sd: float
    """Standard deviation of ln R&D of universities, institutes, military units (ln)."""
    other_fund_births: float
    """New venture funds a year over those of 2010, beside the guidance fund (per year)."""
    other_fund_size: float
    """Capital of a venture fund beside the guidance fund (yuan)."""
    other_fund_state_led: float
    """Share of venture funds beside the guidance fund that the state's side leads (fraction)."""
    other_funds_2010: float
    """Venture funds beside the guidance fund, 2010 (count)."""
    outcome_memory: float
    """Sold results that buyers' opinion of a producer rests on (count)."""
    outcome_years: float
    """Mean time from a deal to success or failure in use (years)."""
    outside_additional: float
    """Contracts with buyers brought from outside that come on top of what the outside asks for (fraction)."""
    outside_budget_headroom: float
    """Most that the outside spends here in a step, over what is expected (multiple)."""
    outside_count_elasticity: float
    """Elasticity of needs from outside on contracts elsewhere (elasticity)."""
    outside_demand_gain: float
    """From levers alone, see levers_in_force.outside_demand."""
    outside_mean_elasticity: float
    """Elasticity of contract value on mean value elsewhere (elasticity)."""
    own_use_success: float
    """Share of enterprises' own results that are industrialised (fraction)."""
    own_use_years: float
    """Mean time until an enterprise's own result is used or given up (years)."""
    owner_firms_per_billion_rd_institute: float
    """Civil firms that institutes found themselves over their R&D, the one institute apart (firms/billion
    yuan)."""
    owner_firms_per_billion_rd_military: float
    """Civil firms that military units found over their R&D (firms/billion yuan)."""
    owner_firms_per_billion_rd_university: float
    """Civil firms that universities found themselves over their R&D (firms/billion yuan)."""
    people_firms_per_billion_rd: float
    """Firms founded by researchers without a result over R&D (firms/billion yuan)."""
    pilot_equity_share: float
    """Inventors' share of a firm under the pilots of ownership by researchers (fraction)."""
    pilot_grant: float
    """Grant for one pilot test (yuan)."""
    pilot_haste: float
    """Part of the remaining wait for a buyer that a pilot saves (fraction)."""
    pilot_probability: float
    """Chance a year that a result in need of a pilot gets one, 2017 (fraction)."""
    pilot_success: float
    """Chance of industrial success with a completed pilot (fraction)."""
    platform_chance: float
    """From levers alone, see levers_in_force.search_for_partners."""
    platform_contact: float
    """Chance in a quarter that a platform within everybody's reach finds a seller for a need that found none
    (fraction)."""
    platform_public_share: float
    """Incubators and maker spaces run by public zones (fraction)."""
    platform_quality_gain: float
    """Gain in rank of worth of results on upgraded platforms (ln)."""
    platform_university_share: float
    """Incubators and maker spaces run by universities and institutes (fraction)."""
    platform_value_cap: float
    """Largest deal through a platform (yuan)."""
    pool_licence_rate: float
    """Non-exclusive licences a year for an unsold result in the pool of an alliance (contracts/year)."""
    pool_licence_value: float
    """Price of a licence out of a patent pool (yuan)."""
    pool_share: float
    """From levers alone, see levers_in_force.trade_in_results."""
    practising_attrition: float
    """Yearly share of practising people who leave (per year)."""
    practising_office_share: float
    """Practising people who work for a university's transfer office (fraction)."""
    practising_share: float
    """Share of trained people who practise full-time (fraction)."""
    preindustrial_grant: float
    """Grant for pre-industrial work on one result by a major programme (yuan)."""
    prize_growth: float
    """Lasting gain in size of a prize winner (ln)."""
    producer_cash_ratio: float
    """Working money of a producer, share of a step's R&D (multiple)."""
    programme_copayment: float
    """Firm's own part of tenders, county contracts and instrument services (fraction)."""
    programme_reserve_share: float
    """Share of a treasury's science money kept for support programmes (fraction)."""
    programme_share_of_research: float
    """Share of producers' R&D that the province's programmes pay (fraction)."""
    project_size_power: float
    """Value of a need, firm size to the power (elasticity)."""
    promotion_gain: float
    """Share of inventors whom no income moves and whom weight in promotion does (fraction)."""
    promotion_moves: float
    """From levers alone, see levers_in_force.willingness_to_disclose."""
    provincial_fiscal_share: float
    """Share of public science spending that the province itself spends (fraction)."""
    public_fund_share: float
    """Public part of a city's or culture fund (fraction)."""
    publicity_gain: float
    """Relative increase of those who ask for support under full publicity (multiple)."""
    pure_seller_share: float
    """Share of sellers that buy no technology (fraction)."""
    quality_gain: float
    """From levers alone, see levers_in_force.maturity_at_birth."""
    rd_share_institute: float
    """Share of independent research institutes in the province's R&D (fraction)."""
    rd_share_military: float
    """Share of military units in the province's R&D (fraction)."""
    rd_share_university: float
    """Share of universities in the province's R&D (fraction)."""
    regimes_known_ahead: float
    """Whether rules that begin after the last known year are known in a forecast tried on the past
    (switch)."""
    registered_share_2010: float
    """Share of sellers that register in 2010 (fraction)."""
    registration_certificate_gain: float
    """What registering brings a certified high-technology enterprise beside that (fraction)."""
    registration_elsewhere_2010: float
    """Share of value registered outside the province, 2010 (fraction)."""
    registration_elsewhere_2017: float
    """Share of value registered outside the province, 2017 (fraction)."""
    registration_hazard: float
    """Hazard to start registering, average seller, after 2011 (per year)."""
    registration_hazard_before_market_factor: float
    """Registration hazard before the technology market opened, relative (multiple)."""
    registration_imitation: float
    """Imitation among peers in the registration hazard (per year)."""
    registration_market_opens: float
    """Date on which Xi'an's technology market opened (date)."""
    registration_other_gain: float
    """What registering brings beside relief, per yuan of the contract (fraction)."""
    registration_relief_bound: float
    """Part of the value of service and consulting contracts that is exempt (fraction)."""
    registration_relief_kept: float
    """Part of the relief from tax that a seller keeps (fraction)."""
    registration_relief_rate: float
    """Tax from which registered development and transfer are exempt (fraction)."""
    registration_reward_cap: float
    """Most that is paid as reward for one registered contract (yuan)."""
    registration_service_saving: float
    """Part of the paperwork that a service point does for a seller it calls on (fraction)."""
    registration_size_power: float
    """Power of size in the registration hazard (elasticity)."""
    registration_small_extra: float
    """Extra registration hazard of small sellers from mid-2016 (per year)."""
    registration_small_from: float
    """Date from which small sellers are drawn into registration (date)."""
    relabelling_cost: float
    """Usual cost of making a contract pass for development (yuan)."""
    relabelling_ease: float
    """Other costs over sales that a firm reports as R&D at most (fraction)."""
    relabelling_fine: float
    """Fine for an undue gain, multiple of the gain, beside its repayment (multiple)."""
    repeat_contact: float
    """Chance that a buyer who turns to a former partner comes to terms within a quarter (fraction)."""
    reputation_heed: float
    """How far clients heed the record of brokers and producers when they choose one (fraction)."""
    reputation_memory: float
    """Deals that clients' opinion of a broker rests on (contracts)."""
    research_institutes: float
    """Independent research institutes (count)."""
    research_intensity_ln_sd: float
    """Standard deviation of ln R&D over revenue among firms that do R&D (ln)."""
    research_net_cost: float
    """Cost of a yuan of R&D that a firm would not do otherwise, less what it brings (fraction)."""
    research_platform_grant: float
    """Grant for an enterprise's research platform (yuan)."""
    research_user_share_large: float
    """Large firms that do R&D (fraction)."""
    research_user_share_small: float
    """Small and middle firms that do R&D (fraction)."""
    result_life_years: float
    """Years after which an unsold result is out of date (years)."""
    result_relevance: float
    """From levers alone, see levers_in_force.maturity_at_birth."""
    result_visible_share: float
    """Results that are registered and can be found by strangers (fraction)."""
    results_per_million_rd_enterprise: float
    """Results per million yuan of R&D, enterprises, 2017 (results/million yuan)."""
    results_per_million_rd_institute: float
    """Results per million yuan of R&D, institutes, 2017 (results/million yuan)."""
    results_per_million_rd_military: float
    """Results per million yuan of R&D, military units, 2017 (results/million yuan)."""
    results_per_million_rd_university: float
    """Results per million yuan of R&D, universities, 2017 (results/million yuan)."""
    ripe_share_before: float
    """From levers alone, see levers_in_force.maturity_at_birth."""
    search_spread: float
    """How unequal buyers are in finding new partners: 0 all alike, 1 exponential (fraction)."""
    secondment_contracts: float
    """Contracts a year that a person in the talent pool brings about (per person and year)."""
    secondment_value: float
    """Value of a contract from the talent pool (yuan)."""
    seed_applicants: float
    """Teams that apply for each micro seed (count)."""
    seller_share: float
    """Share of technology firms that sell technology (fraction)."""
    shock_sd_national_count: float
    """Yearly shock of the number of contracts elsewhere (ln)."""
    shock_sd_national_value: float
    """Yearly shock of the value of contracts elsewhere (ln)."""
    shock_sd_rd: float
    """Yearly shock of the province's R&D (ln)."""
    size_persistence: float
    """Yearly persistence of relative firm size (fraction)."""
    small_contract_value: float
    """Value below which a contract is examined at the counter (yuan)."""
    spin_off_stays: float
    """Spin-offs that stay in the province (fraction)."""
    split_parts_most: float
    """Contracts into which one can be split at most (contracts)."""
    star_sky_platform_subsidy: float
    """Public subsidy for founding a rural star-sky platform (yuan)."""
    star_sky_services: float
    """Services of scientists at a star-sky platform a year that would not be given otherwise
    (contracts/year)."""
    student_founding_cost: float
    """What founding costs a team of students, in yuan of 2017 (yuan)."""
    student_founding_share: float
    """Teams that apply for a micro seed and would found a firm without it (fraction)."""
    subcentre_contact: float
    """From levers alone, see levers_in_force.search_for_partners."""
    subcentre_gain: float
    """Share of unmet needs outside the capital that sub-centres bring to a seller (fraction)."""
    success_growth: float
    """Gain in ln size of a firm of mean size from an industrialised result (ln)."""
    supply_exponent: float
    """Exponent of the number of sellers in matching (elasticity)."""
    team_additional: float
    """Firms of maker spaces' teams that would not be founded otherwise (fraction)."""
    team_founding: float
    """Teams of maker spaces that found a firm in the end (fraction)."""
    team_years: float
    """Years that a team stays in a maker space (years)."""
    teams_formed: float
    """Teams that look for a place in a maker space, a year (count/year)."""
    technical_career: float
    """From levers alone, see levers_in_force.founding_of_firms."""
    technical_track_gain: float
    """Relative increase of results for a yuan of R&D with a technical career (multiple)."""
    technical_track_worth: float
    """What a technical career beside the managers' one adds to the career that a founder risks (fraction)."""
    technology_firms_2017: float
    """Technology firms, 2017 (count)."""
    technology_share_consulting: float
    """Technology part of the value of consulting contracts (fraction)."""
    technology_share_development: float
    """Technology part of the value of development contracts (fraction)."""
    technology_share_service: float
    """Technology part of the value of service contracts (fraction)."""
    technology_share_transfer: float
    """Technology part of the value of transfer contracts (fraction)."""
    tender_bids: float
    """Bids that come in for a challenge tender (count)."""
    tie_probability: float
    """Chance that a buyer turns to a former partner first (fraction)."""
    trained_before_2018_per_year: float
    """People trained for technology transfer a year, 2016-2017 (people/year)."""
    training_cost_per_seat: float
    """Public cost of a seat in the training programme (yuan)."""
    training_displacement: float
    """Trained people at brokers who take a place that another would have had (fraction)."""
    training_pass_share: float
    """Share of trained people who get the certificate (fraction)."""
    training_seats_reference: float
    """Level of the lever training_seats in history (people/year)."""
    transfer_ln_sd: float
    """Standard deviation of ln value of a transfer (ln)."""
    transfer_mean_value: float
    """Mean value of a transfer, licence or equity deal of a university or institute, 2017 (yuan)."""
    transfer_outside_hazard: float
    """Yearly hazard that a seeking result is bought from outside (per year)."""
    transfer_probability_institute: float
    """Share of institutes' results that are ever transferred at present rules (fraction)."""
    transfer_probability_military: float
    """Share of military units' open results that are ever transferred (fraction)."""
    transfer_probability_university: float
    """Share of university results that are ever transferred at present rules (fraction)."""
    type_share_consulting: float
    """Weight of consulting contracts in enterprises' sales by number (fraction)."""
    type_share_development: float
    """Weight of development contracts in enterprises' sales by number (fraction)."""
    type_share_service: float
    """Weight of service contracts in enterprises' sales by number (fraction)."""
    type_share_transfer: float
    """Weight of transfer contracts in enterprises' sales by number (fraction)."""
    type_value_consulting: float
    """Mean value of a consulting contract over the mean of all (multiple)."""
    type_value_development: float
    """Mean value of a development contract over the mean of all (multiple)."""
    type_value_service: float
    """Mean value of a service contract over the mean of all (multiple)."""
    type_value_transfer: float
    """Mean value of a transfer contract over the mean of all (multiple)."""
    universities: float
    """Regular universities (count)."""
    unmet_alone_share: float
    """Needs for a new partner that stay unmet without any help (fraction)."""
    value_size_power: float
    """Power of firm size in the value of a contract (elasticity)."""
    venture_worth_ln_sd: float
    """Standard deviation of ln worth of a firm founded on a result (ln)."""
    venturing_ln_sd: float
    """Spread among owners of the inclination to found firms (ln)."""
    voucher_additional: float
    """Chance that a voucher makes a new contract (fraction)."""
    voucher_additional_enterprise: float
    """Chance that a voucher for a contract with an enterprise makes a new one (fraction)."""
    voucher_deadweight: float
    """Chance that a voucher pays for a contract made anyway (fraction)."""
    voucher_producer_share: float
    """Share of voucher contracts that go to a university, institute or military unit (fraction)."""
    voucher_unused: float
    """Chance that a voucher is not redeemed (fraction)."""
    worth_tail_index: float
    """Tail index of what a result is worth to a buyer (elasticity)."""
    zone_interest: float
    """Chance that a new firm with research takes a place in a zone of its city if there is one (fraction)."""
    zone_provincial_size: float
    """Size of zones of a city that has provincial ones alone, relative to those with a national one
    (fraction)."""
    zone_share: float
    """Places of a city's zones over its firms that do research, end of 2017 (fraction)."""

class Levers(Protocol):
    """Levers in force in a step."""

    alliance_membership: float
    """Share of technology firms and owners that newly join alliances (fraction)."""
    alliance_orders: float
    """Orders for development placed through alliances, a year (contracts/year)."""
    base_coverage: float
    """Share of the firms in high-technology zones that an industrial base serves (fraction)."""
    broker_funds: float
    """Share of transfer institutions that run a fund with investors (fraction)."""
    brokers_founded: float
    """Transfer institutions founded with support, a year (count/year)."""
    chain_allocation: float
    """Share of programme money allocated along the whole chain (fraction)."""
    challenge_tenders: float
    """Yearly public money for challenge tenders of enterprises (yuan/year)."""
    city_funds: float
    """Venture and transfer funds that cities and districts found a year (count/year)."""
    city_plans: float
    """Yearly money of cities' own plans for their firms' contracts (yuan/year)."""
    civil_military_fund: float
    """Yearly civil-military money for military units' pilots (yuan/year)."""
    compensation_pool: float
    """Yearly top-up of the loan compensation pool (yuan/year)."""
    compensation_reach: float
    """Share of firms outside the capital that the compensation programme serves (fraction)."""
    compensation_share: float
    """Share of a defaulted technology loan's principal that the public pool bears (fraction)."""
    compensation_threshold: float
    """Reduction of the bank's entry threshold for compensated loans (points)."""
    contest_prizes: float
    """Yearly prizes of contests beyond those of history (yuan/year)."""
    county_cooperation: float
    """Yearly money of counties' cooperation with universities and institutes (yuan/year)."""
    culture_fund: float
    """Yearly public money added to the culture-industry fund (yuan/year)."""
    declassification_advance: float
    """Years by which secret results are declassified sooner (years)."""
    demonstration_certifications: float
    """Institutions certified as provincial demonstration institutions, a year (count/year)."""
    dispatched_scientists: float
    """Scientists sent to counties and small firms beyond those of history (people)."""
    enclaves_and_trusteeship: float
    """Share of the distance to the capital's zone that enclaves and trusteeship take away (fraction)."""
    equity_share_institute: float
    """Inventors' share of a firm on their result at institutes (fraction)."""
    equity_share_military: float
    """Inventors' share of a firm on their result at military units (fraction)."""
    equity_share_university: float
    """Inventors' share of a firm on their result at universities (fraction)."""
    evaluation_methods: float
    """Share of results assessed by methods that fit their users (fraction)."""
    fast_growers_supported: float
    """Gazelles supported with a research project, a year (count/year)."""
    firm_research_platforms: float
    """Research platforms of large enterprises set up with support, a year (count/year)."""
    firms_cultivated: float
    """High-technology enterprises cultivated to certification, a year (count/year)."""
    founder_subsidy: float
    """One-off subsidy of a scientist who founds a firm on a result (yuan)."""
    founders_mentored: float
    """Founders given a mentor or a course, a year (people/year)."""
    fund_leverage: float
    """Nominal total of the guidance fund over the government's part (multiple)."""
    fund_research_focus: float
    """Share of sub-funds that look for results of universities, institutes and military units first
    (fraction)."""
    fund_size: float
    """Total scale at which the guidance fund aims, all partners together (yuan)."""
    incubators_founded: float
    """Incubators founded with support, a year (count/year)."""
    inventor_share_institute: float
    """Inventors' least share of a result's price at institutes (fraction)."""
    inventor_share_military: float
    """Inventors' least share of a result's price at military units (fraction)."""
    inventor_share_university: float
    """Inventors' least share of a result's price at universities (fraction)."""
    investment_loan_linkage: float
    """Share of banks that lend beside investors (fraction)."""
    ip_protection: float
    """Strength of protection beyond that of history (fraction)."""
    joint_centres: float
    """Joint research centres of enterprises and universities in operation (count)."""
    lead_expert_autonomy: float
    """Share of results whose lead expert decides on transfer without review (fraction)."""
    leave_to_found: float
    """Researchers who may leave to found and return within three years (fraction)."""
    listed_income_share: float
    """Inventors' share of net income from listed results (fraction)."""
    listing_of_idle_results: float
    """Results idle for two years are listed or auctioned (switch)."""
    maker_spaces_founded: float
    """Maker spaces founded with support, a year (count/year)."""
    micro_seed_fund: float
    """Yearly money of micro seeds for teams at universities (yuan/year)."""
    military_disposal_rights: float
    """Progress of military units' rights to dispose of results and keep income (fraction)."""
    military_joint_firms: float
    """Joint firms of military units with local partners a year, beyond those of history (count/year)."""
    military_needs_opened: float
    """Increase of the needs that military units open to civil firms (fraction)."""
    military_results_visible: float
    """Share of military units' unregistered results that are shown to civil buyers (fraction)."""
    northwest_centre: float
    """Added demand of the north-west and the Belt-and-Road, over that of the north-west (fraction)."""
    one_institute_model: float
    """Share of institutes and military units that copy the one-institute model (fraction)."""
    open_instruments: float
    """Yearly subsidy of services of opened instruments (yuan/year)."""
    open_laboratories: float
    """Opening of laboratories, those of defence too (fraction)."""
    own_decision_institute: float
    """Share of foundings at institutes that nobody has to approve (fraction)."""
    own_decision_military: float
    """Share of military units' foundings that no superior has to approve (fraction)."""
    own_decision_university: float
    """Share of foundings at universities that nobody has to approve (fraction)."""
    ownership_pilots: float
    """Share of universities and institutes where researchers own results (fraction)."""
    pilot_grants: float
    """Yearly grants for pilot tests (yuan/year)."""
    platform_reach: float
    """Reach of the trading platform among those who find no seller (fraction)."""
    platform_upgrade: float
    """Progress of the upgrading of research platforms in frontier fields (fraction)."""
    practising_retention: float
    """Share of leaving that better pay prevents among practising people (fraction)."""
    preindustrial_programme: float
    """Yearly money of major programmes for pre-industrial work on results (yuan/year)."""
    publicity: float
    """Awareness of the instruments beyond that of history (fraction)."""
    regional_subcentres: float
    """Coverage of cities and counties by sub-centres (fraction)."""
    registration_audit_rate: float
    """Share of registered contracts that are audited (fraction)."""
    registration_quota: float
    """Share of small contracts left out that offices are told to enter (fraction)."""
    registration_reward: float
    """Share of a registered contract's value that the treasury pays as a reward (fraction)."""
    registration_service: float
    """Added yearly chance that a seller begins to register contracts (per year)."""
    result_registration: float
    """Share of results of provincial programmes, unregistered before, that are registered at birth
    (fraction)."""
    star_sky_platforms: float
    """Rural star-sky platforms founded with support a year, beyond those of history (count/year)."""
    talent_pool: float
    """People at work on the other side through the civil-military talent pool (people)."""
    target_management: float
    """Share of a target's gap that departments act to close (fraction)."""
    technical_track: float
    """Share of institutes and military units with a technical career beside the managers' one (fraction)."""
    technology_branches: float
    """Lending capacity that technology and civil-military branches add (multiple)."""
    technology_import: float
    """Share of clients for whom nobody here has time that brokers bring to partners abroad (fraction)."""
    training_seats: float
    """Seats in the training of technology brokers, a year (people/year)."""
    transfer_duty: float
    """Share of provincial projects with a duty to transfer (fraction)."""
    transfer_in_promotion: float
    """Share of producers where transfer counts in promotion (fraction)."""
    transfer_posts: float
    """Posts for full-time transfer staff created at universities, a year (people/year)."""
    voucher_budget: float
    """Yearly budget of innovation vouchers (yuan/year)."""
    voucher_copayment: float
    """Share of a voucher contract that the firm pays itself (fraction)."""
    voucher_face_value: float
    """Face value of one innovation voucher (yuan)."""

class Moment(Protocol):
    """Calendar and outside world of a step, see `now`."""

    step: int
    """Number of the step, negative before the start."""
    date: float
    dt: float
    output_index: float
    output_growth: float
    entry_threshold: float
    coverage_of_imports: float

class Programme(Protocol):
    """A programme of support, see `support_programmes`."""

    @property
    def code(self) -> float: ...
    @property
    def task(self) -> float: ...
    @property
    def yearly(self) -> float: ...
    @property
    def face(self) -> float: ...
    @property
    def value(self) -> float: ...
    @property
    def producer_share(self) -> float: ...
    @property
    def large(self) -> float: ...
    @property
    def away(self) -> float: ...
    @property
    def absorbing(self) -> float: ...
    @property
    def cities_pay(self) -> float: ...
    @property
    def producer(self) -> float: ...
    @property
    def type(self) -> float: ...
